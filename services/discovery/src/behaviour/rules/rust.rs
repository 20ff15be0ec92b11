//! Rust.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

const VERBS: &[&str] = &["get", "post", "put", "delete", "patch", "head", "options", "connect", "trace", "route"];

const PYO3: &[&str] = &["pyclass", "pyfunction", "pymodule"];

pub(super) const RULES: &[Rule] = &[
    // Routes
    Rule::method("rust.nested_router", &["nest", "nest_service"], Receiver::Any, MOUNT, 90).path().needs(&[
        "axum",
        "axum_extra",
        "poem",
    ]),
    Rule::method("rust.nested_router", &["merge"], Receiver::Any, MOUNT, 90).needs(&["axum", "axum_extra"]),
    Rule::method("rust.actix_service", &["service", "configure"], Receiver::Any, MOUNT, 90).needs(&["actix_web"]),
    Rule::method("rust.rocket_mount", &["mount"], Receiver::Any, MOUNT, 90).path().needs(&["rocket"]),
    Rule::member("rust.actix_scope", "actix_web::web", Only(&["scope"]), PREFIX, 90).path(),
    Rule::method("rust.axum_route", &["route"], Receiver::Any, ROUTE, 90).path().needs(&["axum", "axum_extra", "poem"]),
    Rule::member("rust.actix_attribute", "actix_web", Only(VERBS), ROUTE, 95).annotation().path(),
    Rule::member("rust.rocket_attribute", "rocket", Only(VERBS), ROUTE, 95).annotation().path(),
    Rule::method("rust.rocket_attribute", VERBS, Receiver::None, ROUTE, 85)
        .annotation()
        .path()
        .needs(&["rocket", "actix_web"]),
    Rule::method("rust.actix_route", &["route", "resource"], Receiver::Any, ROUTE, 85).path().needs(&["actix_web"]),
    Rule::member("rust.actix_resource", "actix_web::web", Only(&["resource"]), ROUTE, 85).path(),
    Rule::member("rust.warp_path", "warp", Only(&["path"]), ROUTE, 75).text(),
    // Programs and commands
    Rule::method("rust.clap_parser", &["derive"], Receiver::None, COMMAND, 90)
        .annotation()
        .argument("Parser")
        .needs(&["clap"]),
    Rule::method("rust.clap_subcommand", &["derive"], Receiver::None, COMMAND, 80)
        .annotation()
        .argument("Subcommand")
        .needs(&["clap"]),
    Rule::method("rust.structopt", &["derive"], Receiver::None, COMMAND, 90)
        .annotation()
        .argument("StructOpt")
        .needs(&["structopt"]),
    Rule::member("rust.clap_builder", "clap::Command", Only(&["new"]), COMMAND, 85).text(),
    // Jobs, events, foreign callers
    Rule::member(
        "rust.cron_job",
        "tokio_cron_scheduler::Job",
        Only(&["new", "new_async", "new_repeated", "new_repeated_async"]),
        JOB,
        90,
    ),
    Rule::member("rust.lambda", "lambda_runtime", Only(&["run", "service_fn"]), EVENT, 90),
    Rule::method("rust.c_export", &["no_mangle"], Receiver::None, EXPORT, 95).annotation(),
    Rule::method("rust.c_export", &["unsafe"], Receiver::None, EXPORT, 95).annotation().argument("no_mangle"),
    Rule::member("rust.wasm_export", "wasm_bindgen", Any, EXPORT, 90).annotation(),
    Rule::member("rust.node_export", "napi_derive", Only(&["napi"]), EXPORT, 95).annotation(),
    Rule::member("rust.python_export", "pyo3", Only(PYO3), EXPORT, 95).annotation(),
    Rule::member("rust.python_export", "pyo3::prelude", Only(PYO3), EXPORT, 95).annotation(),
    Rule::method("rust.python_export", PYO3, Receiver::None, EXPORT, 95).annotation().needs(&["pyo3"]),
    Rule::method("rust.tauri_command", &["command"], Receiver::Named(&["tauri"]), EXPORT, 95).annotation(),
    // Databases
    Rule::member(
        "rust.sqlx",
        "sqlx",
        Only(&[
            "query",
            "query_as",
            "query_scalar",
            "query_with",
            "connect",
            "PgPool",
            "SqlitePool",
            "MySqlPool",
            "AnyPool",
            "PgConnection",
            "SqliteConnection",
            "postgres",
            "sqlite",
            "mysql",
            "raw_sql",
        ]),
        DATABASE,
        95,
    ),
    Rule::member(
        "rust.diesel",
        "diesel",
        Only(&[
            "insert_into",
            "update",
            "delete",
            "select",
            "sql_query",
            "PgConnection",
            "SqliteConnection",
            "MysqlConnection",
        ]),
        DATABASE,
        90,
    ),
    Rule::member(
        "rust.rusqlite",
        "rusqlite::Connection",
        Only(&["open", "open_in_memory", "open_with_flags"]),
        DATABASE,
        95,
    ),
    Rule::member("rust.postgres", "tokio_postgres", Only(&["connect", "Config"]), DATABASE, 95),
    Rule::member("rust.postgres", "postgres", Only(&["Client"]), DATABASE, 95),
    Rule::member("rust.sea_orm", "sea_orm::Database", Any, DATABASE, 95),
    Rule::member("rust.mongodb", "mongodb::Client", Any, DATABASE, 95),
    Rule::member("rust.embedded_store", "rocksdb::DB", Any, DATABASE, 90),
    Rule::member("rust.embedded_store", "sled", Only(&["open"]), DATABASE, 90),
    // Caches and messages
    Rule::member("rust.redis", "redis::Client", Only(&["open"]), CACHE, 95),
    Rule::member("rust.redis", "redis", Only(&["cmd", "pipe"]), CACHE, 95),
    Rule::member("rust.kafka", "rdkafka", Only(&["ClientConfig", "config"]), MESSAGES, 85),
    Rule::member("rust.nats", "async_nats", Only(&["connect"]), MESSAGES, 95),
    Rule::member("rust.amqp", "lapin::Connection", Any, MESSAGES, 95),
    // Network
    Rule::member("rust.std_net", "std::net", Only(&["TcpStream", "TcpListener", "UdpSocket"]), NETWORK, 95),
    Rule::member(
        "rust.std_unix",
        "std::os::unix::net",
        Only(&["UnixStream", "UnixListener", "UnixDatagram"]),
        NETWORK,
        95,
    ),
    Rule::member(
        "rust.tokio_net",
        "tokio::net",
        Only(&[
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "UnixStream",
            "UnixListener",
            "UnixDatagram",
            "TcpSocket",
            "lookup_host",
        ]),
        NETWORK,
        95,
    ),
    Rule::member("rust.mio_net", "mio::net", Except(&[]), NETWORK, 90),
    Rule::member("rust.reqwest", "reqwest", Only(&["get", "Client", "ClientBuilder", "blocking"]), NETWORK, 95),
    Rule::member(
        "rust.ureq",
        "ureq",
        Only(&["get", "post", "put", "delete", "patch", "head", "request", "agent", "Agent"]),
        NETWORK,
        95,
    ),
    Rule::member("rust.hyper_client", "hyper_util::client::legacy::Client", Any, NETWORK, 90),
    Rule::member("rust.hyper_client", "hyper::client", Any, NETWORK, 85),
    Rule::member("rust.tonic_channel", "tonic::transport", Only(&["Channel", "Endpoint", "Server"]), NETWORK, 95),
    Rule::member("rust.websocket", "tokio_tungstenite", Only(&["connect_async", "accept_async"]), NETWORK, 95),
    // Files, environment, programs
    Rule::member("rust.std_fs", "std::fs", Except(&["Permissions", "FileType"]), FILES, 95),
    Rule::member("rust.tokio_fs", "tokio::fs", Any, FILES, 95),
    Rule::member("rust.async_fs", "async_std::fs", Any, FILES, 95),
    Rule::member("rust.fs_err", "fs_err", Any, FILES, 95),
    Rule::member(
        "rust.tempfile",
        "tempfile",
        Only(&["tempdir", "tempfile", "NamedTempFile", "TempDir", "Builder", "tempdir_in"]),
        FILES,
        90,
    ),
    Rule::member("rust.walkdir", "walkdir::WalkDir", Any, FILES, 90),
    Rule::member(
        "rust.std_env",
        "std::env",
        Only(&[
            "var",
            "var_os",
            "vars",
            "vars_os",
            "set_var",
            "remove_var",
            "current_dir",
            "set_current_dir",
            "home_dir",
            "temp_dir",
        ]),
        ENVIRONMENT,
        95,
    ),
    Rule::member("rust.dotenv", "dotenvy", Any, ENVIRONMENT, 90),
    Rule::member("rust.std_process", "std::process::Command", Only(&["new"]), SUBPROCESS, 95),
    Rule::member("rust.tokio_process", "tokio::process::Command", Only(&["new"]), SUBPROCESS, 95),
];
