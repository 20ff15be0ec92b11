using System;
using static System.Math;
using Alias = System.Collections.Generic;
namespace Shop.Orders
{
    /// <summary>Serves orders.</summary>
    [ApiController]
    [Route("api/orders")]
    public class OrdersController : ControllerBase
    {
        private readonly IStore store;
        public const int Limit = 3;
        public string Name { get; set; }
        public OrdersController(IStore store) { this.store = store; }

        [HttpGet("{id}")]
        public async Task<Order> Get(int id, bool flag = false)
        {
            if (id > 0 && flag || id < Limit) { return null; }
            else if (flag) { foreach (var x in store.All()) { while (true) { } } }
            else { try { await Get(id - 1); } catch (Exception e) { throw; } }
            switch (id) { case 1: break; default: break; }
            var y = id switch { 1 => 2, _ => 3 };
            Func<int, int> f = q => q > 0 ? q : -q;
            return new Order(Environment.GetEnvironmentVariable("HOME") ?? "none");
        }
        internal void Hidden() { int Local(int a) => a; }
    }
    public interface IStore { IEnumerable<Order> All(); }
    public record Order(string Id);
    enum Colour { Red }
}
