#include <vector>
#include "shape.hpp"
namespace geo {
namespace detail { inline int helper(int x) { return x; } }
template <typename T> class Shape : public Base<T> {
    int hidden;
public:
    explicit Shape(int sides) : sides_(sides) {}
    virtual ~Shape() = default;
    virtual double area() const = 0;
    bool operator==(const Shape &other) const { return sides_ == other.sides_ && hidden; }
protected:
    void grow(double by);
private:
    int sides_;
};
using Number = double;
enum class Kind { Round, Square };
}
/// Grows.
void geo::Circle::grow(double by) {
    try {
        auto f = [this](int x) { return x > 0 ? x : -x; };
        for (auto &p : points_) f(p);
        std::make_unique<Shape>(3)->area();
        new geo::Shape(4);
    } catch (const std::exception &e) {
        throw;
    }
}
static int local_only() { return 1; }
