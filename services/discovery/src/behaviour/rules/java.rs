//! Java.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

pub(super) const RULES: &[Rule] = &[
    // Routes
    Rule::member(
        "java.spring_mapping",
        "org.springframework.web.bind.annotation",
        Only(&["GetMapping", "PostMapping", "PutMapping", "DeleteMapping", "PatchMapping"]),
        ROUTE,
        95,
    )
    .annotation(),
    Rule::member(
        "java.spring_type_mapping",
        "org.springframework.web.bind.annotation",
        Only(&["RequestMapping"]),
        PREFIX,
        95,
    )
    .on_types(),
    Rule::member(
        "java.spring_request_mapping",
        "org.springframework.web.bind.annotation",
        Only(&["RequestMapping"]),
        ROUTE,
        90,
    )
    .annotation(),
    Rule::member("java.jaxrs_path", "javax.ws.rs", Only(&["Path"]), PREFIX, 95).annotation(),
    Rule::member("java.jaxrs_path", "jakarta.ws.rs", Only(&["Path"]), PREFIX, 95).annotation(),
    Rule::member(
        "java.jaxrs_method",
        "javax.ws.rs",
        Only(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]),
        ROUTE,
        95,
    )
    .annotation(),
    Rule::member(
        "java.jaxrs_method",
        "jakarta.ws.rs",
        Only(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]),
        ROUTE,
        95,
    )
    .annotation(),
    Rule::member("java.micronaut_controller", "io.micronaut.http.annotation", Only(&["Controller"]), PREFIX, 95)
        .annotation(),
    Rule::member(
        "java.micronaut_method",
        "io.micronaut.http.annotation",
        Only(&["Get", "Post", "Put", "Delete", "Patch", "Head", "Options"]),
        ROUTE,
        95,
    )
    .annotation(),
    Rule::member("java.servlet", "javax.servlet.annotation", Only(&["WebServlet"]), ROUTE, 95).annotation(),
    Rule::member("java.servlet", "jakarta.servlet.annotation", Only(&["WebServlet"]), ROUTE, 95).annotation(),
    Rule::method("java.javalin_route", &["get", "post", "put", "delete", "patch"], Receiver::Value, ROUTE, 85)
        .path()
        .needs(&["io.javalin"]),
    Rule::member("java.spark_route", "spark.Spark", Only(&["get", "post", "put", "delete", "patch"]), ROUTE, 90).path(),
    // Commands, jobs, events
    Rule::member("java.picocli_command", "picocli.CommandLine", Only(&["Command"]), COMMAND, 95).annotation(),
    Rule::method("java.argparse4j_subcommand", &["addParser"], Receiver::Any, COMMAND, 85)
        .text()
        .needs(&["net.sourceforge.argparse4j"]),
    Rule::member("java.spring_scheduled", "org.springframework.scheduling.annotation", Only(&["Scheduled"]), JOB, 95)
        .annotation(),
    Rule::member("java.quarkus_scheduled", "io.quarkus.scheduler", Only(&["Scheduled"]), JOB, 95).annotation(),
    Rule::member("java.micronaut_scheduled", "io.micronaut.scheduling.annotation", Only(&["Scheduled"]), JOB, 95)
        .annotation(),
    Rule::member("java.ejb_schedule", "jakarta.ejb", Only(&["Schedule"]), JOB, 95).annotation(),
    Rule::member("java.quartz_job", "org.quartz.JobBuilder", Only(&["newJob"]), JOB, 90),
    Rule::member("java.kafka_listener", "org.springframework.kafka.annotation", Only(&["KafkaListener"]), EVENT, 95)
        .annotation(),
    Rule::member(
        "java.rabbit_listener",
        "org.springframework.amqp.rabbit.annotation",
        Only(&["RabbitListener"]),
        EVENT,
        95,
    )
    .annotation(),
    Rule::member("java.jms_listener", "org.springframework.jms.annotation", Only(&["JmsListener"]), EVENT, 95)
        .annotation(),
    Rule::member("java.spring_event", "org.springframework.context.event", Only(&["EventListener"]), EVENT, 90)
        .annotation(),
    Rule::member(
        "java.reactive_messaging",
        "org.eclipse.microprofile.reactive.messaging",
        Only(&["Incoming"]),
        EVENT,
        95,
    )
    .annotation(),
    // Databases
    Rule::method(
        "java.spring_jdbc",
        &[
            "batchUpdate",
            "execute",
            "query",
            "queryForList",
            "queryForMap",
            "queryForObject",
            "queryForStream",
            "update",
        ],
        Receiver::Any,
        DATABASE,
        85,
    )
    .needs(&["org.springframework.jdbc.core"]),
    Rule::member("java.jdbc", "java.sql.DriverManager", Only(&["getConnection"]), DATABASE, 95),
    Rule::member("java.jdbc_template", "org.springframework.jdbc.core", Only(&["JdbcTemplate"]), DATABASE, 90),
    Rule::member("java.hikari", "com.zaxxer.hikari", Only(&["HikariDataSource"]), DATABASE, 95),
    Rule::member("java.jpa", "javax.persistence.Persistence", Any, DATABASE, 90),
    Rule::member("java.jpa", "jakarta.persistence.Persistence", Any, DATABASE, 90),
    Rule::member("java.mongo", "com.mongodb.client", Only(&["MongoClients"]), DATABASE, 95),
    Rule::member("java.rocksdb", "org.rocksdb", Only(&["RocksDB"]), DATABASE, 90),
    // Caches and messages
    Rule::member("java.redis", "redis.clients.jedis", Only(&["Jedis", "JedisPool", "JedisCluster"]), CACHE, 95),
    Rule::member("java.redis", "io.lettuce.core", Only(&["RedisClient"]), CACHE, 95),
    Rule::member("java.kafka_producer", "org.apache.kafka.clients.producer", Only(&["KafkaProducer"]), MESSAGES, 95),
    Rule::member("java.kafka_consumer", "org.apache.kafka.clients.consumer", Only(&["KafkaConsumer"]), MESSAGES, 95),
    Rule::member(
        "java.kafka_admin",
        "org.apache.kafka.clients.admin",
        Only(&["Admin", "AdminClient", "KafkaAdminClient"]),
        MESSAGES,
        90,
    ),
    Rule::member("java.rabbit", "com.rabbitmq.client", Only(&["ConnectionFactory"]), MESSAGES, 90),
    // Network
    Rule::member("java.http_client", "java.net.http", Only(&["HttpClient"]), NETWORK, 95),
    Rule::member(
        "java.net",
        "java.net",
        Only(&["Socket", "ServerSocket", "DatagramSocket", "MulticastSocket"]),
        NETWORK,
        95,
    ),
    Rule::member(
        "java.nio_channels",
        "java.nio.channels",
        Only(&["SocketChannel", "ServerSocketChannel", "DatagramChannel"]),
        NETWORK,
        95,
    ),
    Rule::member("java.dns", "java.net.InetAddress", Only(&["getByName", "getAllByName", "getLocalHost"]), NETWORK, 85),
    Rule::member(
        "java.apache_http",
        "org.apache.http.impl.client",
        Only(&["HttpClients", "HttpClientBuilder"]),
        NETWORK,
        95,
    ),
    Rule::member("java.okhttp", "okhttp3", Only(&["OkHttpClient"]), NETWORK, 95),
    Rule::member(
        "java.rest_template",
        "org.springframework.web.client",
        Only(&["RestTemplate", "RestClient"]),
        NETWORK,
        95,
    ),
    Rule::member(
        "java.web_client",
        "org.springframework.web.reactive.function.client",
        Only(&["WebClient"]),
        NETWORK,
        95,
    ),
    Rule::member("java.grpc", "io.grpc", Only(&["ManagedChannelBuilder", "ServerBuilder"]), NETWORK, 95),
    // Files, environment, programs
    Rule::member("java.nio_files", "java.nio.file.Files", Any, FILES, 95),
    Rule::member(
        "java.io_streams",
        "java.io",
        Only(&["FileInputStream", "FileOutputStream", "FileReader", "FileWriter", "RandomAccessFile"]),
        FILES,
        95,
    ),
    Rule::member("java.file_channel", "java.nio.channels.FileChannel", Only(&["open"]), FILES, 95),
    Rule::member("java.commons_io", "org.apache.commons.io.FileUtils", Any, FILES, 90),
    Rule::member(
        "java.environment",
        "java.lang.System",
        Only(&["getenv", "getProperty", "setProperty"]),
        ENVIRONMENT,
        95,
    ),
    Rule::member("java.process", "java.lang", Only(&["ProcessBuilder"]), SUBPROCESS, 95),
    Rule::method("java.runtime_exec", &["exec"], Receiver::Named(&["Runtime.getRuntime()"]), SUBPROCESS, 95),
];
