<html><?php
declare(strict_types=1);
namespace App\Http;

use App\Models\User;
use App\Services\{Mailer, Queue as Jobs};
use function strlen;
require_once __DIR__ . '/bootstrap.php';
include 'plain.php';
require $computed;

const LIMIT = 3;
interface Keeper { public function keep(string $key): void; }
trait Logs { protected function log($x) {} }
enum Colour: string { case Red = 'r'; }

/** Serves users. */
#[Route('/users', methods: ['GET'])]
final class Users extends Base implements Keeper
{
    private const HIDDEN = 1;
    protected ?string $name = null;

    /** Gets one. */
    #[Get('/{id}')]
    public function get(int $id, bool $flag = false): ?User
    {
        if ($id > 0 && $flag || !$id) {
            return null;
        } elseif ($flag) {
            foreach ($this->all() as $x) { while (true) { break; } }
        } else {
            try { $this->get($id - 1); } catch (\Exception $e) { throw $e; }
        }
        switch ($id) { case 1: break; default: break; }
        $y = match($id) { 1 => 'a', default => 'b' };
        $f = fn($q) => $q > 0 ? $q : -$q;
        return User::find(new Mailer(getenv('HOME')));
    }
}
function helper($a, ...$rest) { return strlen($a); }
