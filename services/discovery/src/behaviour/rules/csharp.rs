//! C#.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

pub(super) const RULES: &[Rule] = &[
    // Routes
    Rule::method(
        "csharp.attribute_route",
        &["AcceptVerbs", "HttpDelete", "HttpGet", "HttpHead", "HttpOptions", "HttpPatch", "HttpPost", "HttpPut"],
        Receiver::None,
        ROUTE,
        90,
    )
    .annotation(),
    Rule::method("csharp.map_group", &["MapGroup"], Receiver::Any, PREFIX, 90).text(),
    Rule::method("csharp.route_prefix", &["Route"], Receiver::None, PREFIX, 90).annotation().text(),
    Rule::method(
        "csharp.minimal_api",
        &["MapDelete", "MapGet", "MapMethods", "MapPatch", "MapPost", "MapPut"],
        Receiver::Any,
        ROUTE,
        90,
    )
    .text(),
    Rule::method("csharp.hub", &["MapHub"], Receiver::Value, EVENT, 85).text(),
    // Commands, jobs, events
    Rule::member("csharp.command", "System.CommandLine", Only(&["Command", "RootCommand"]), COMMAND, 85),
    Rule::method("csharp.verb", &["Verb"], Receiver::None, COMMAND, 90).annotation().text().needs(&["CommandLine"]),
    Rule::method("csharp.function", &["Function", "FunctionName"], Receiver::None, EVENT, 85)
        .annotation()
        .text()
        .needs(&["Microsoft.Azure"]),
    Rule::member("csharp.hangfire", "Hangfire", Only(&["RecurringJob", "BackgroundJob"]), JOB, 90),
    Rule::member("csharp.quartz", "Quartz", Only(&["JobBuilder"]), JOB, 90),
    // Foreign callers
    Rule::member("csharp.native_export", "System.Runtime.InteropServices", Only(&["UnmanagedCallersOnly"]), EXPORT, 95)
        .annotation(),
    // Databases, caches, messages
    Rule::member("csharp.sql_client", "System.Data.SqlClient", Only(&["SqlConnection"]), DATABASE, 95),
    Rule::member("csharp.sql_client", "Microsoft.Data.SqlClient", Only(&["SqlConnection"]), DATABASE, 95),
    Rule::member("csharp.sqlite", "Microsoft.Data.Sqlite", Only(&["SqliteConnection"]), DATABASE, 95),
    Rule::member("csharp.npgsql", "Npgsql", Only(&["NpgsqlConnection", "NpgsqlDataSource"]), DATABASE, 95),
    Rule::member("csharp.mysql", "MySqlConnector", Only(&["MySqlConnection"]), DATABASE, 95),
    Rule::member("csharp.mongo", "MongoDB.Driver", Only(&["MongoClient"]), DATABASE, 95),
    Rule::method(
        "csharp.entity_framework",
        &["UseSqlServer", "UseNpgsql", "UseSqlite", "UseMySql", "UseInMemoryDatabase"],
        Receiver::Any,
        DATABASE,
        85,
    ),
    Rule::member("csharp.redis", "StackExchange.Redis", Only(&["ConnectionMultiplexer"]), CACHE, 95),
    Rule::member("csharp.kafka", "Confluent.Kafka", Only(&["ProducerBuilder", "ConsumerBuilder"]), MESSAGES, 95),
    Rule::member("csharp.rabbit", "RabbitMQ.Client", Only(&["ConnectionFactory"]), MESSAGES, 95),
    Rule::member("csharp.service_bus", "Azure.Messaging.ServiceBus", Only(&["ServiceBusClient"]), MESSAGES, 95),
    // Network
    Rule::member("csharp.http_client", "System.Net.Http", Only(&["HttpClient"]), NETWORK, 90),
    Rule::member(
        "csharp.sockets",
        "System.Net.Sockets",
        Only(&["Socket", "TcpClient", "TcpListener", "UdpClient"]),
        NETWORK,
        95,
    ),
    Rule::member("csharp.dns", "System.Net", Only(&["Dns", "WebClient", "HttpListener", "WebRequest"]), NETWORK, 90),
    Rule::member("csharp.grpc", "Grpc.Net.Client", Only(&["GrpcChannel"]), NETWORK, 95),
    // Files, environment, programs
    Rule::member(
        "csharp.files",
        "System.IO",
        Only(&["File", "Directory", "FileStream", "StreamWriter", "StreamReader", "FileInfo", "DirectoryInfo"]),
        FILES,
        85,
    ),
    Rule::member(
        "csharp.environment",
        "System.Environment",
        Only(&[
            "GetEnvironmentVariable",
            "SetEnvironmentVariable",
            "GetEnvironmentVariables",
            "ExpandEnvironmentVariables",
            "GetFolderPath",
            "CurrentDirectory",
        ]),
        ENVIRONMENT,
        95,
    ),
    Rule::member("csharp.process", "System.Diagnostics", Only(&["Process", "ProcessStartInfo"]), SUBPROCESS, 90),
];
