//! Python.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

const VERBS: &[&str] = &["get", "post", "put", "delete", "patch", "head", "options"];

const CLICK: &[&str] = &["click", "typer", "flask.cli", "asyncclick", "rich_click"];

pub(super) const RULES: &[Rule] = &[
    // Routes
    Rule::method("python.flask_route", &["route"], Receiver::Any, ROUTE, 95)
        .annotation()
        .path()
        .needs(&["flask", "quart", "sanic", "bottle"]),
    Rule::method("python.verb_route", VERBS, Receiver::Any, ROUTE, 95)
        .annotation()
        .path()
        .needs(&["fastapi", "flask", "quart", "sanic", "bottle"]),
    Rule::method("python.websocket_route", &["websocket"], Receiver::Any, ROUTE, 90)
        .annotation()
        .path()
        .needs(&["fastapi", "quart"]),
    Rule::method("python.api_route", &["api_route"], Receiver::Any, ROUTE, 95).annotation().path().needs(&["fastapi"]),
    Rule::method("python.bound_route", &["route"], Receiver::Any, ROUTE, 70).annotation().path(),
    Rule::method(
        "python.bound_verb_route",
        VERBS,
        Receiver::Named(&["app", "router", "api", "bp", "blueprint"]),
        ROUTE,
        60,
    )
    .annotation()
    .path(),
    Rule::method("python.aiohttp_table", VERBS, Receiver::Any, ROUTE, 90)
        .annotation()
        .path()
        .needs(&["aiohttp.web", "aiohttp"]),
    Rule::method("python.flask_add_url_rule", &["add_url_rule"], Receiver::Any, ROUTE, 85)
        .path()
        .needs(&["flask", "quart"]),
    Rule::method("python.add_api_route", &["add_api_route"], Receiver::Any, ROUTE, 85).path().needs(&["fastapi"]),
    Rule::method(
        "python.aiohttp_add",
        &["add_get", "add_post", "add_put", "add_delete", "add_patch", "add_head"],
        Receiver::Any,
        ROUTE,
        90,
    )
    .path()
    .needs(&["aiohttp"]),
    Rule::member(
        "python.aiohttp_route",
        "aiohttp.web",
        Only(&["get", "post", "put", "delete", "patch", "head", "route"]),
        ROUTE,
        90,
    )
    .path(),
    Rule::member("python.django_include", "django.urls", Only(&["path", "re_path"]), MOUNT, 95)
        .text()
        .argument("include"),
    Rule::member("python.django_include", "django.conf.urls", Only(&["url"]), MOUNT, 95).text().argument("include"),
    Rule::member("python.django_path", "django.urls", Only(&["path", "re_path"]), ROUTE, 95).text(),
    Rule::member("python.django_url", "django.conf.urls", Only(&["url"]), ROUTE, 95).text(),
    Rule::member("python.drf_action", "rest_framework.decorators", Only(&["api_view"]), ROUTE, 80).annotation(),
    Rule::member("python.starlette_mount", "starlette.routing", Only(&["Mount"]), MOUNT, 95).path(),
    Rule::member("python.starlette_route", "starlette.routing", Only(&["Route", "WebSocketRoute"]), ROUTE, 95).path(),
    Rule::method("python.include_router", &["include_router"], Receiver::Any, MOUNT, 90),
    Rule::method("python.register_blueprint", &["register_blueprint"], Receiver::Any, MOUNT, 90),
    Rule::method("python.sanic_blueprint", &["blueprint"], Receiver::Any, MOUNT, 90).needs(&["sanic"]),
    Rule::method("python.ninja_router", &["add_router"], Receiver::Any, MOUNT, 90).needs(&["ninja"]),
    Rule::method("python.asgi_mount", &["mount"], Receiver::Any, MOUNT, 90).path().needs(&["fastapi", "starlette"]),
    Rule::member("python.tornado_route", "tornado.web", Only(&["url"]), ROUTE, 90).text(),
    Rule::member("python.flask_blueprint", "flask", Only(&["Blueprint"]), PREFIX, 95),
    Rule::member("python.flask_blueprint", "flask_smorest", Only(&["Blueprint"]), PREFIX, 95),
    Rule::member("python.flask_blueprint", "quart", Only(&["Blueprint"]), PREFIX, 95),
    Rule::member("python.flask_blueprint", "sanic", Only(&["Blueprint"]), PREFIX, 95),
    Rule::member("python.fastapi_router", "fastapi", Only(&["APIRouter"]), PREFIX, 95),
    // Commands
    Rule::member("python.click_command", "click", Only(&["command", "group"]), COMMAND, 95)
        .annotation()
        .named_by_argument(),
    Rule::method("python.click_subcommand", &["command", "group"], Receiver::Any, COMMAND, 90)
        .annotation()
        .named_by_argument()
        .needs(CLICK),
    Rule::member("python.command_group", "typer", Only(&["Typer"]), GROUP, 95),
    Rule::member("python.command_group", "click", Only(&["Group"]), GROUP, 95),
    Rule::method("python.command_group", &["add_typer", "add_command"], Receiver::Any, GROUP, 90).needs(CLICK),
    Rule::method("python.flask_cli_command", &["command"], Receiver::Named(&["app.cli", "bp.cli"]), COMMAND, 90)
        .annotation()
        .named_by_argument(),
    Rule::method("python.argparse_subcommand", &["add_parser"], Receiver::Value, COMMAND, 85)
        .text()
        .needs(&["argparse"]),
    Rule::member("python.fire", "fire", Only(&["Fire"]), COMMAND, 90),
    // Jobs and events
    Rule::member("python.celery_task", "celery", Only(&["shared_task", "task"]), JOB, 95).annotation(),
    Rule::method("python.celery_app_task", &["task", "periodic_task"], Receiver::Any, JOB, 85)
        .annotation()
        .needs(&["celery"]),
    Rule::member("python.rq_job", "rq.decorators", Only(&["job"]), JOB, 95).annotation(),
    Rule::member("python.django_rq_job", "django_rq", Only(&["job"]), JOB, 95).annotation(),
    Rule::member("python.dramatiq_actor", "dramatiq", Only(&["actor"]), JOB, 95).annotation(),
    Rule::member("python.huey_task", "huey", Any, JOB, 80).annotation(),
    Rule::method("python.apscheduler_job", &["scheduled_job"], Receiver::Any, JOB, 95)
        .annotation()
        .needs(&["apscheduler"]),
    Rule::method("python.apscheduler_add", &["add_job"], Receiver::Any, JOB, 85).needs(&["apscheduler"]),
    Rule::member("python.prefect_flow", "prefect", Only(&["flow", "task"]), JOB, 90).annotation(),
    Rule::member("python.airflow_dag", "airflow", Only(&["DAG"]), JOB, 90),
    Rule::member("python.django_receiver", "django.dispatch", Only(&["receiver"]), EVENT, 95).annotation(),
    Rule::method("python.faust_agent", &["agent"], Receiver::Any, EVENT, 90).annotation().needs(&["faust"]),
    Rule::method("python.fastapi_event", &["on_event"], Receiver::Any, EVENT, 90)
        .annotation()
        .needs(&["fastapi", "starlette"]),
    Rule::method("python.socketio_event", &["on", "event"], Receiver::Named(&["sio", "socketio"]), EVENT, 85)
        .annotation()
        .needs(&["socketio", "flask_socketio"]),
    // Databases
    Rule::member("python.sqlite3", "sqlite3", Only(&["connect"]), DATABASE, 95),
    Rule::member("python.postgres", "psycopg2", Only(&["connect", "pool"]), DATABASE, 95),
    Rule::member("python.postgres", "psycopg", Only(&["connect", "Connection", "AsyncConnection"]), DATABASE, 95),
    Rule::member("python.postgres", "asyncpg", Only(&["connect", "create_pool"]), DATABASE, 95),
    Rule::member("python.mysql", "pymysql", Only(&["connect"]), DATABASE, 95),
    Rule::member("python.mysql", "MySQLdb", Only(&["connect"]), DATABASE, 95),
    Rule::member("python.mysql", "mysql.connector", Only(&["connect"]), DATABASE, 95),
    Rule::member("python.oracle", "oracledb", Only(&["connect"]), DATABASE, 95),
    Rule::member("python.odbc", "pyodbc", Only(&["connect"]), DATABASE, 95),
    Rule::member("python.sqlalchemy", "sqlalchemy", Only(&["create_engine"]), DATABASE, 95),
    Rule::member("python.sqlalchemy", "sqlalchemy.ext.asyncio", Only(&["create_async_engine"]), DATABASE, 95),
    Rule::member("python.sqlalchemy", "sqlalchemy.orm", Only(&["sessionmaker", "scoped_session"]), DATABASE, 80),
    Rule::member("python.flask_sqlalchemy", "flask_sqlalchemy", Only(&["SQLAlchemy"]), DATABASE, 90),
    Rule::member("python.mongo", "pymongo", Only(&["MongoClient", "AsyncMongoClient"]), DATABASE, 95),
    Rule::member("python.mongo", "motor.motor_asyncio", Only(&["AsyncIOMotorClient"]), DATABASE, 95),
    Rule::member("python.elasticsearch", "elasticsearch", Only(&["Elasticsearch", "AsyncElasticsearch"]), DATABASE, 95),
    Rule::member("python.duckdb", "duckdb", Only(&["connect", "sql", "query"]), DATABASE, 95),
    Rule::member("python.django_connection", "django.db.connection", Any, DATABASE, 90),
    // Caches and messages
    Rule::member(
        "python.redis",
        "redis",
        Only(&["Redis", "StrictRedis", "from_url", "ConnectionPool", "asyncio"]),
        CACHE,
        95,
    ),
    Rule::member("python.memcached", "pymemcache", Any, CACHE, 90),
    Rule::member("python.memcached", "memcache", Only(&["Client"]), CACHE, 90),
    Rule::member("python.django_cache", "django.core.cache.cache", Any, CACHE, 90),
    Rule::member("python.kafka", "kafka", Only(&["KafkaProducer", "KafkaConsumer", "KafkaAdminClient"]), MESSAGES, 95),
    Rule::member("python.kafka", "confluent_kafka", Only(&["Producer", "Consumer"]), MESSAGES, 95),
    Rule::member("python.kafka", "aiokafka", Only(&["AIOKafkaProducer", "AIOKafkaConsumer"]), MESSAGES, 95),
    Rule::member("python.amqp", "pika", Except(&["exceptions", "PlainCredentials", "spec"]), MESSAGES, 90),
    Rule::member("python.amqp", "aio_pika", Only(&["connect", "connect_robust"]), MESSAGES, 95),
    Rule::member("python.celery_app", "celery", Only(&["Celery"]), MESSAGES, 90),
    Rule::member("python.nats", "nats", Only(&["connect"]), MESSAGES, 95),
    // Network
    Rule::member(
        "python.requests",
        "requests",
        Only(&["get", "post", "put", "delete", "patch", "head", "options", "request", "Session", "session"]),
        NETWORK,
        95,
    ),
    Rule::member(
        "python.httpx",
        "httpx",
        Only(&[
            "get",
            "post",
            "put",
            "delete",
            "patch",
            "head",
            "options",
            "request",
            "stream",
            "Client",
            "AsyncClient",
        ]),
        NETWORK,
        95,
    ),
    Rule::member("python.aiohttp", "aiohttp", Only(&["ClientSession", "request"]), NETWORK, 95),
    Rule::member("python.urllib", "urllib.request", Only(&["urlopen", "urlretrieve", "build_opener"]), NETWORK, 95),
    Rule::member(
        "python.urllib3",
        "urllib3",
        Only(&["PoolManager", "request", "HTTPConnectionPool", "HTTPSConnectionPool"]),
        NETWORK,
        95,
    ),
    Rule::member(
        "python.urllib3",
        "urllib3.poolmanager",
        Only(&["PoolManager", "ProxyManager", "proxy_from_url"]),
        NETWORK,
        95,
    ),
    Rule::member(
        "python.urllib3",
        "urllib3.connectionpool",
        Only(&["HTTPConnectionPool", "HTTPSConnectionPool", "connection_from_url"]),
        NETWORK,
        95,
    ),
    Rule::method("python.urllib3", &["urlopen"], Receiver::Value, NETWORK, 85).needs(&["urllib3"]),
    Rule::member("python.http_client", "http.client", Only(&["HTTPConnection", "HTTPSConnection"]), NETWORK, 95),
    Rule::member(
        "python.socket",
        "socket",
        Only(&["socket", "create_connection", "create_server", "getaddrinfo", "gethostbyname", "socketpair"]),
        NETWORK,
        95,
    ),
    Rule::member(
        "python.asyncio_stream",
        "asyncio",
        Only(&["open_connection", "start_server", "start_unix_server", "open_unix_connection"]),
        NETWORK,
        95,
    ),
    Rule::member("python.smtp", "smtplib", Only(&["SMTP", "SMTP_SSL"]), NETWORK, 95),
    Rule::member("python.ftp", "ftplib", Only(&["FTP", "FTP_TLS"]), NETWORK, 95),
    Rule::member("python.ssh", "paramiko", Only(&["SSHClient", "Transport"]), NETWORK, 95),
    Rule::member("python.websockets", "websockets", Only(&["connect", "serve"]), NETWORK, 95),
    Rule::member("python.grpc", "grpc", Only(&["insecure_channel", "secure_channel", "server"]), NETWORK, 95),
    Rule::member("python.grpc", "grpc.aio", Only(&["insecure_channel", "secure_channel", "server"]), NETWORK, 95),
    Rule::member("python.aws", "boto3", Only(&["client", "resource", "Session"]), NETWORK, 90),
    Rule::member("python.http_server", "http.server", Only(&["HTTPServer", "ThreadingHTTPServer"]), NETWORK, 90),
    // Files, environment, programs
    Rule::builtin("python.open", &["open"], FILES, 95),
    Rule::member("python.io_open", "io", Only(&["open"]), FILES, 95),
    Rule::member("python.codecs_open", "codecs", Only(&["open"]), FILES, 95),
    Rule::member(
        "python.os_files",
        "os",
        Only(&[
            "open",
            "remove",
            "unlink",
            "rename",
            "replace",
            "mkdir",
            "makedirs",
            "rmdir",
            "removedirs",
            "listdir",
            "scandir",
            "walk",
            "stat",
            "chmod",
            "chown",
            "symlink",
            "link",
            "truncate",
            "utime",
        ]),
        FILES,
        95,
    ),
    Rule::member(
        "python.os_path",
        "os.path",
        Only(&["exists", "isfile", "isdir", "getsize", "getmtime", "islink"]),
        FILES,
        85,
    ),
    Rule::member("python.shutil", "shutil", Except(&["which", "get_terminal_size", "Error"]), FILES, 95),
    Rule::member(
        "python.tempfile",
        "tempfile",
        Only(&[
            "mkdtemp",
            "mkstemp",
            "TemporaryDirectory",
            "NamedTemporaryFile",
            "TemporaryFile",
            "SpooledTemporaryFile",
        ]),
        FILES,
        95,
    ),
    Rule::member("python.glob", "glob", Only(&["glob", "iglob"]), FILES, 90),
    Rule::method("python.path_io", &["read_text", "write_text", "read_bytes", "write_bytes"], Receiver::Any, FILES, 80)
        .needs(&["pathlib"]),
    Rule::member("python.zipfile", "zipfile", Only(&["ZipFile"]), FILES, 80),
    Rule::member("python.tarfile", "tarfile", Only(&["open"]), FILES, 80),
    Rule::member(
        "python.environ",
        "os",
        Only(&["environ", "environb", "getenv", "putenv", "unsetenv"]),
        ENVIRONMENT,
        95,
    ),
    Rule::member("python.dotenv", "dotenv", Only(&["load_dotenv", "dotenv_values"]), ENVIRONMENT, 95),
    Rule::member(
        "python.subprocess",
        "subprocess",
        Only(&["run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput"]),
        SUBPROCESS,
        95,
    ),
    Rule::member(
        "python.os_process",
        "os",
        Only(&[
            "system",
            "popen",
            "execv",
            "execve",
            "execvp",
            "execvpe",
            "execl",
            "execlp",
            "spawnl",
            "spawnv",
            "spawnvp",
            "posix_spawn",
            "fork",
            "forkpty",
            "startfile",
        ]),
        SUBPROCESS,
        95,
    ),
    Rule::member(
        "python.asyncio_process",
        "asyncio",
        Only(&["create_subprocess_exec", "create_subprocess_shell"]),
        SUBPROCESS,
        95,
    ),
];
