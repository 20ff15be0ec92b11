//! Go.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

const UPPER: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "Any"];
const TITLE: &[&str] = &["Get", "Post", "Put", "Delete", "Patch", "Head", "Options", "Connect", "Trace", "Del"];

const KINGPIN: &[&str] = &["github.com/alecthomas/kingpin", "gopkg.in/alecthomas/kingpin"];

pub(super) const RULES: &[Rule] = &[
    // Routes
    Rule::method("go.router_group", &["Group", "Party", "PathPrefix"], Receiver::Any, PREFIX, 90).path(),
    Rule::method("go.router_group", &["WithPrefix"], Receiver::Any, PREFIX, 90)
        .path()
        .needs(&["github.com/prometheus/common/route"]),
    Rule::method("go.router_mount", &["Mount", "Route"], Receiver::Value, MOUNT, 90).path(),
    Rule::member("go.net_http_handle", "net/http", Only(&["HandleFunc", "Handle"]), ROUTE, 95).path(),
    Rule::method("go.upper_case_router", UPPER, Receiver::Value, ROUTE, 90).path().needs(&[
        "github.com/gin-gonic/gin",
        "github.com/labstack/echo",
        "github.com/julienschmidt/httprouter",
    ]),
    Rule::method("go.title_case_router", TITLE, Receiver::Value, ROUTE, 90).path().needs(&[
        "github.com/go-chi/chi",
        "github.com/gofiber/fiber",
        "github.com/prometheus/common/route",
    ]),
    Rule::method("go.mux_handle", &["HandleFunc", "Handle"], Receiver::Value, ROUTE, 85).path().needs(&[
        "net/http",
        "github.com/gorilla/mux",
        "github.com/go-chi/chi",
    ]),
    Rule::method(
        "go.unbound_router",
        UPPER,
        Receiver::Named(&["r", "router", "app", "engine", "group", "api", "v1", "v2", "g"]),
        ROUTE,
        65,
    )
    .path(),
    // Commands, jobs, events
    Rule::member("go.urfave_app", "github.com/urfave/cli", Only(&["NewApp"]), COMMAND, 85),
    Rule::member("go.cobra_command", "github.com/spf13/cobra", Only(&["Command"]), COMMAND, 95).named_by_key("Use"),
    Rule::member("go.urfave_command", "github.com/urfave/cli", Only(&["Command"]), COMMAND, 90).named_by_key("Name"),
    Rule::method("go.kingpin_command", &["Command"], Receiver::Any, COMMAND, 90).text().needs(KINGPIN),
    Rule::member("go.flag_set", "flag", Only(&["NewFlagSet"]), COMMAND, 75).text(),
    Rule::method("go.cron_job", &["AddFunc", "AddJob"], Receiver::Value, JOB, 90)
        .text()
        .needs(&["github.com/robfig/cron"]),
    Rule::method("go.asynq_handler", &["HandleFunc"], Receiver::Value, JOB, 90).needs(&["github.com/hibiken/asynq"]),
    Rule::member("go.lambda", "github.com/aws/aws-lambda-go/lambda", Only(&["Start"]), EVENT, 95),
    // Databases
    Rule::member("go.database_sql", "database/sql", Only(&["Open", "OpenDB"]), DATABASE, 95),
    Rule::member(
        "go.sqlx",
        "github.com/jmoiron/sqlx",
        Only(&["Open", "Connect", "MustConnect", "ConnectContext"]),
        DATABASE,
        95,
    ),
    Rule::member(
        "go.pgx",
        "github.com/jackc/pgx",
        Only(&["Connect", "New", "NewWithConfig", "ConnectConfig"]),
        DATABASE,
        95,
    ),
    Rule::member("go.gorm", "gorm.io/gorm", Only(&["Open"]), DATABASE, 95),
    Rule::member("go.mongo", "go.mongodb.org/mongo-driver", Only(&["Connect", "NewClient"]), DATABASE, 95),
    Rule::member("go.bolt", "go.etcd.io/bbolt", Only(&["Open"]), DATABASE, 90),
    // Caches and messages
    Rule::member(
        "go.redis",
        "github.com/redis/go-redis",
        Only(&["NewClient", "NewClusterClient", "NewUniversalClient"]),
        CACHE,
        95,
    ),
    Rule::member(
        "go.redis",
        "github.com/go-redis/redis",
        Only(&["NewClient", "NewClusterClient", "NewUniversalClient"]),
        CACHE,
        95,
    ),
    Rule::member("go.redis", "github.com/gomodule/redigo/redis", Only(&["Dial", "DialURL"]), CACHE, 95),
    Rule::member("go.memcache", "github.com/bradfitz/gomemcache/memcache", Only(&["New"]), CACHE, 95),
    Rule::member(
        "go.kafka",
        "github.com/segmentio/kafka-go",
        Only(&["NewReader", "NewWriter", "Dial", "DialLeader"]),
        MESSAGES,
        95,
    ),
    Rule::member("go.kafka", "github.com/IBM/sarama", Except(&["NewConfig"]), MESSAGES, 85),
    Rule::member("go.kafka", "github.com/Shopify/sarama", Except(&["NewConfig"]), MESSAGES, 85),
    Rule::member("go.nats", "github.com/nats-io/nats.go", Only(&["Connect"]), MESSAGES, 95),
    Rule::member("go.amqp", "github.com/rabbitmq/amqp091-go", Only(&["Dial", "DialTLS", "DialConfig"]), MESSAGES, 95),
    Rule::member("go.amqp", "github.com/streadway/amqp", Only(&["Dial", "DialTLS", "DialConfig"]), MESSAGES, 95),
    // Network
    Rule::member(
        "go.http_client",
        "net/http",
        Only(&["Get", "Post", "PostForm", "Head", "NewRequest", "NewRequestWithContext", "DefaultClient"]),
        NETWORK,
        95,
    ),
    Rule::member(
        "go.http_server",
        "net/http",
        Only(&["ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS"]),
        NETWORK,
        95,
    ),
    Rule::member(
        "go.net",
        "net",
        Only(&[
            "Dial",
            "DialTimeout",
            "DialTCP",
            "DialUDP",
            "DialUnix",
            "Listen",
            "ListenTCP",
            "ListenUDP",
            "ListenPacket",
            "ListenUnix",
            "FileListener",
            "LookupHost",
            "LookupIP",
            "LookupAddr",
            "ResolveTCPAddr",
        ]),
        NETWORK,
        95,
    ),
    Rule::member("go.tls", "crypto/tls", Only(&["Dial", "Listen", "DialWithDialer"]), NETWORK, 95),
    Rule::member(
        "go.grpc",
        "google.golang.org/grpc",
        Only(&["Dial", "DialContext", "NewClient", "NewServer"]),
        NETWORK,
        95,
    ),
    Rule::member("go.resty", "github.com/go-resty/resty", Only(&["New"]), NETWORK, 95),
    Rule::member("go.smtp", "net/smtp", Only(&["SendMail", "Dial"]), NETWORK, 95),
    Rule::member("go.websocket", "github.com/gorilla/websocket", Only(&["DefaultDialer"]), NETWORK, 95),
    Rule::member(
        "go.http3",
        "github.com/quic-go/quic-go/http3",
        Only(&["ListenAndServe", "ListenAndServeQUIC", "ListenAndServeTLS"]),
        NETWORK,
        95,
    ),
    // Files, environment, programs
    Rule::member(
        "go.os_files",
        "os",
        Only(&[
            "Open",
            "OpenFile",
            "Create",
            "CreateTemp",
            "ReadFile",
            "WriteFile",
            "ReadDir",
            "Mkdir",
            "MkdirAll",
            "MkdirTemp",
            "Remove",
            "RemoveAll",
            "Rename",
            "Stat",
            "Lstat",
            "Chmod",
            "Chown",
            "Symlink",
            "Link",
            "Truncate",
            "DirFS",
        ]),
        FILES,
        95,
    ),
    Rule::member(
        "go.ioutil",
        "io/ioutil",
        Only(&["ReadFile", "WriteFile", "ReadDir", "TempFile", "TempDir"]),
        FILES,
        95,
    ),
    Rule::member("go.filepath", "path/filepath", Only(&["Walk", "WalkDir", "Glob"]), FILES, 90),
    Rule::member(
        "go.os_environment",
        "os",
        Only(&[
            "Getenv",
            "LookupEnv",
            "Setenv",
            "Unsetenv",
            "Environ",
            "ExpandEnv",
            "Clearenv",
            "Getwd",
            "UserHomeDir",
        ]),
        ENVIRONMENT,
        95,
    ),
    Rule::member("go.os_exec", "os/exec", Only(&["Command", "CommandContext"]), SUBPROCESS, 95),
    Rule::member("go.os_process", "os", Only(&["StartProcess"]), SUBPROCESS, 95),
    Rule::member("go.syscall_exec", "syscall", Only(&["Exec", "ForkExec"]), SUBPROCESS, 95),
];
