//! PHP. Functions and classes of its standard library need no import.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

const VERBS: &[&str] = &["get", "post", "put", "delete", "patch", "options", "any"];
const SHOWN: &[&str] = &["view", "redirect", "permanentRedirect"];
const RESOURCES: &[&str] = &["apiResource", "apiSingleton", "resource", "singleton"];
/// How chains begin that end in a route.
const ATTRIBUTES: &[&str] = &[
    "Route::as",
    "Route::controller",
    "Route::domain",
    "Route::middleware",
    "Route::name",
    "Route::prefix",
    "Route::scopeBindings",
    "Route::where",
    "Route::withoutMiddleware",
];
const ROUTE_FACADE: &str = "Illuminate\\Support\\Facades\\Route";

pub(super) const RULES: &[Rule] = &[
    // Routes
    Rule::method("php.route_group", &["group"], Receiver::Any, MOUNT, 90),
    Rule::member("php.laravel_route", ROUTE_FACADE, Only(VERBS), ROUTE, 95).text(),
    Rule::member("php.laravel_route", ROUTE_FACADE, Only(SHOWN), ROUTE, 95).text(),
    Rule::member("php.laravel_route", ROUTE_FACADE, Only(&["match"]), ROUTE, 95),
    Rule::member("php.laravel_resource", ROUTE_FACADE, Only(RESOURCES), RESOURCE, 95).text(),
    Rule::method("php.laravel_route", VERBS, Receiver::Begins(ATTRIBUTES), ROUTE, 90).text().needs(&[ROUTE_FACADE]),
    Rule::method("php.laravel_route", &["match"], Receiver::Begins(ATTRIBUTES), ROUTE, 90).needs(&[ROUTE_FACADE]),
    Rule::method("php.laravel_resource", RESOURCES, Receiver::Begins(ATTRIBUTES), RESOURCE, 90)
        .text()
        .needs(&[ROUTE_FACADE]),
    Rule::method("php.laravel_route", VERBS, Receiver::Named(&["Route"]), ROUTE, 85).text().in_path("routes/"),
    Rule::method("php.laravel_route", SHOWN, Receiver::Named(&["Route"]), ROUTE, 85).text().in_path("routes/"),
    Rule::method("php.laravel_route", &["match"], Receiver::Named(&["Route"]), ROUTE, 85).in_path("routes/"),
    Rule::method("php.laravel_route", VERBS, Receiver::Begins(ATTRIBUTES), ROUTE, 85).text().in_path("routes/"),
    Rule::method("php.laravel_resource", RESOURCES, Receiver::Named(&["Route"]), RESOURCE, 85)
        .text()
        .in_path("routes/"),
    Rule::method("php.lumen_route", VERBS, Receiver::Named(&["$router"]), ROUTE, 85).text().in_path("routes/"),
    Rule::member("php.symfony_type_route", "Symfony\\Component\\Routing\\Attribute", Only(&["Route"]), PREFIX, 95)
        .on_types(),
    Rule::member("php.symfony_type_route", "Symfony\\Component\\Routing\\Annotation", Only(&["Route"]), PREFIX, 95)
        .on_types(),
    Rule::member("php.symfony_route", "Symfony\\Component\\Routing\\Attribute", Only(&["Route"]), ROUTE, 95)
        .annotation(),
    Rule::member("php.symfony_route", "Symfony\\Component\\Routing\\Annotation", Only(&["Route"]), ROUTE, 95)
        .annotation(),
    Rule::method("php.slim_route", VERBS, Receiver::Named(&["$app"]), ROUTE, 85).path().needs(&["Slim"]),
    Rule::method("php.slim_route", VERBS, Receiver::Named(&["$group"]), ROUTE, 85).text().needs(&["Slim"]),
    Rule::method("php.slim_route", &["map"], Receiver::Named(&["$app", "$group"]), ROUTE, 85).needs(&["Slim"]),
    // Commands, jobs, events
    Rule::member("php.symfony_command", "Symfony\\Component\\Console\\Attribute", Only(&["AsCommand"]), COMMAND, 95)
        .annotation()
        .named_by_argument(),
    Rule::member("php.laravel_command", "Illuminate\\Support\\Facades\\Artisan", Only(&["command"]), COMMAND, 95)
        .text(),
    Rule::member(
        "php.laravel_schedule",
        "Illuminate\\Support\\Facades\\Schedule",
        Only(&["command", "job", "call"]),
        JOB,
        95,
    ),
    Rule::member(
        "php.symfony_message",
        "Symfony\\Component\\Messenger\\Attribute",
        Only(&["AsMessageHandler"]),
        EVENT,
        95,
    )
    .annotation(),
    Rule::member(
        "php.symfony_event",
        "Symfony\\Component\\EventDispatcher\\Attribute",
        Only(&["AsEventListener"]),
        EVENT,
        95,
    )
    .annotation(),
    Rule::method("php.wordpress_hook", &["add_action", "add_filter"], Receiver::None, EVENT, 80).text(),
    // Databases, caches, messages
    Rule::builtin(
        "php.mysqli",
        &["mysqli_connect", "mysqli_query", "mysqli", "PDO", "pg_connect", "pg_query", "SQLite3", "oci_connect"],
        DATABASE,
        95,
    ),
    Rule::member("php.pdo", "PDO", Any, DATABASE, 95),
    Rule::member("php.laravel_db", "Illuminate\\Support\\Facades\\DB", Any, DATABASE, 95),
    Rule::member("php.doctrine", "Doctrine\\DBAL\\DriverManager", Any, DATABASE, 95),
    Rule::member("php.mongo", "MongoDB\\Client", Any, DATABASE, 95),
    Rule::builtin("php.redis", &["Redis", "Memcached", "Memcache", "apcu_fetch", "apcu_store"], CACHE, 90),
    Rule::member("php.laravel_cache", "Illuminate\\Support\\Facades\\Cache", Any, CACHE, 95),
    Rule::member("php.laravel_redis", "Illuminate\\Support\\Facades\\Redis", Any, CACHE, 95),
    Rule::member("php.predis", "Predis\\Client", Any, CACHE, 95),
    Rule::member("php.amqp", "PhpAmqpLib\\Connection", Any, MESSAGES, 95),
    // Network
    Rule::builtin(
        "php.curl",
        &[
            "curl_init",
            "curl_exec",
            "curl_multi_exec",
            "fsockopen",
            "stream_socket_client",
            "stream_socket_server",
            "socket_create",
            "mail",
            "dns_get_record",
            "gethostbyname",
        ],
        NETWORK,
        95,
    ),
    Rule::member("php.guzzle", "GuzzleHttp\\Client", Any, NETWORK, 95),
    Rule::member("php.laravel_http", "Illuminate\\Support\\Facades\\Http", Any, NETWORK, 95),
    Rule::member("php.symfony_http", "Symfony\\Component\\HttpClient\\HttpClient", Any, NETWORK, 95),
    // Files, environment, programs
    Rule::builtin(
        "php.files",
        &[
            "fopen",
            "file_get_contents",
            "file_put_contents",
            "file",
            "readfile",
            "unlink",
            "rename",
            "copy",
            "mkdir",
            "rmdir",
            "opendir",
            "scandir",
            "glob",
            "tempnam",
            "tmpfile",
            "move_uploaded_file",
            "touch",
            "chmod",
            "is_file",
            "is_dir",
            "file_exists",
            "filemtime",
            "SplFileObject",
        ],
        FILES,
        95,
    ),
    Rule::member("php.laravel_storage", "Illuminate\\Support\\Facades\\Storage", Any, FILES, 95),
    Rule::builtin("php.environment", &["getenv", "putenv", "$_ENV", "$_SERVER"], ENVIRONMENT, 95),
    Rule::builtin("php.laravel_env", &["env"], ENVIRONMENT, 85).in_path("config/"),
    Rule::builtin(
        "php.process",
        &["exec", "shell_exec", "system", "passthru", "proc_open", "popen", "pcntl_fork", "pcntl_exec"],
        SUBPROCESS,
        95,
    ),
    Rule::member("php.symfony_process", "Symfony\\Component\\Process\\Process", Any, SUBPROCESS, 95),
];
