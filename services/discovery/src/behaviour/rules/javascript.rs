//! JavaScript and TypeScript.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

const VERBS: &[&str] = &["get", "post", "put", "delete", "patch", "head", "options", "all", "del"];
const ROUTERS: &[&str] = &[
    "express",
    "koa-router",
    "@koa/router",
    "fastify",
    "hono",
    "restify",
    "polka",
    "find-my-way",
    "router",
    "itty-router",
];
const FS: &[&str] = &["constants", "Stats", "Dirent"];

pub(super) const RULES: &[Rule] = &[
    // Routes
    Rule::method("javascript.router_verb", VERBS, Receiver::Value, ROUTE, 90).path().needs(ROUTERS),
    Rule::method("javascript.router_chain", VERBS, Receiver::Route, ROUTE, 90).needs(&["express", "router"]),
    Rule::method("javascript.router_verb", VERBS, Receiver::Begins(&["Router", "express"]), ROUTE, 85)
        .path()
        .needs(ROUTERS),
    Rule::method("javascript.fastify_route", &["route"], Receiver::Value, ROUTE, 90)
        .argument("url")
        .needs(&["fastify"]),
    Rule::method("javascript.unbound_router_verb", VERBS, Receiver::Named(&["app", "fastify", "router"]), ROUTE, 60)
        .path(),
    Rule::method("javascript.unbound_fastify_route", &["route"], Receiver::Named(&["app", "fastify"]), ROUTE, 60)
        .argument("url"),
    Rule::method("javascript.use_router", &["use"], Receiver::Value, MOUNT, 90).needs(ROUTERS),
    Rule::method("javascript.use_router", &["use"], Receiver::Begins(&["Router", "express"]), MOUNT, 90).needs(ROUTERS),
    Rule::method("javascript.unbound_use", &["use"], Receiver::Named(&["app", "router"]), MOUNT, 60),
    Rule::method("javascript.hono_route", &["route"], Receiver::Value, MOUNT, 90).path().needs(&["hono"]),
    Rule::method("javascript.fastify_register", &["register"], Receiver::Value, MOUNT, 90).needs(&["fastify"]),
    Rule::method("javascript.unbound_register", &["register"], Receiver::Named(&["app", "fastify"]), MOUNT, 60),
    Rule::method("javascript.hono_base_path", &["basePath"], Receiver::Any, PREFIX, 90).path().needs(&["hono"]),
    Rule::member("javascript.koa_router", "koa-router", Any, PREFIX, 95),
    Rule::member("javascript.koa_router", "@koa/router", Any, PREFIX, 95),
    Rule::member("javascript.nest_controller", "@nestjs/common", Only(&["Controller"]), PREFIX, 95).annotation(),
    Rule::member(
        "javascript.nest_route",
        "@nestjs/common",
        Only(&["Get", "Post", "Put", "Delete", "Patch", "Head", "Options", "All"]),
        ROUTE,
        95,
    )
    .annotation(),
    // Commands, jobs, events
    Rule::method("javascript.commander_command", &["command"], Receiver::Any, COMMAND, 90).text().needs(&[
        "commander",
        "yargs",
        "cac",
        "sade",
    ]),
    Rule::member("javascript.commander", "commander", Only(&["Command"]), COMMAND, 75).text(),
    Rule::member("javascript.cron", "node-cron", Only(&["schedule"]), JOB, 95),
    Rule::member("javascript.cron", "cron", Only(&["CronJob"]), JOB, 95),
    Rule::member("javascript.bull_worker", "bullmq", Only(&["Worker"]), JOB, 95),
    Rule::member("javascript.schedule", "node-schedule", Only(&["scheduleJob"]), JOB, 95),
    Rule::member("javascript.nest_cron", "@nestjs/schedule", Only(&["Cron", "Interval", "Timeout"]), JOB, 95)
        .annotation(),
    Rule::member(
        "javascript.nest_message",
        "@nestjs/microservices",
        Only(&["MessagePattern", "EventPattern"]),
        EVENT,
        95,
    )
    .annotation(),
    Rule::member("javascript.nest_event", "@nestjs/event-emitter", Only(&["OnEvent"]), EVENT, 95).annotation(),
    // Databases
    Rule::member("javascript.postgres", "pg", Only(&["Pool", "Client"]), DATABASE, 95),
    Rule::member("javascript.postgres", "postgres", Any, DATABASE, 90),
    Rule::member("javascript.mysql", "mysql2", Only(&["createConnection", "createPool"]), DATABASE, 95),
    Rule::member("javascript.mysql", "mysql2/promise", Only(&["createConnection", "createPool"]), DATABASE, 95),
    Rule::member("javascript.mysql", "mysql", Only(&["createConnection", "createPool"]), DATABASE, 95),
    Rule::member("javascript.sqlite", "better-sqlite3", Any, DATABASE, 95),
    Rule::member("javascript.sqlite", "sqlite3", Any, DATABASE, 90),
    Rule::member("javascript.mongo", "mongodb", Only(&["MongoClient"]), DATABASE, 95),
    Rule::member("javascript.mongoose", "mongoose", Only(&["connect", "createConnection", "model"]), DATABASE, 95),
    Rule::member("javascript.prisma", "@prisma/client", Only(&["PrismaClient"]), DATABASE, 95),
    Rule::member("javascript.knex", "knex", Any, DATABASE, 90),
    Rule::member("javascript.sequelize", "sequelize", Only(&["Sequelize"]), DATABASE, 90),
    Rule::member("javascript.typeorm", "typeorm", Only(&["DataSource", "createConnection"]), DATABASE, 95),
    Rule::member("javascript.drizzle", "drizzle-orm", Only(&["drizzle"]), DATABASE, 90),
    // Caches and messages
    Rule::member("javascript.redis", "redis", Only(&["createClient", "createCluster"]), CACHE, 95),
    Rule::member("javascript.redis", "ioredis", Any, CACHE, 95),
    Rule::member("javascript.memcached", "memcached", Any, CACHE, 90),
    Rule::member("javascript.kafka", "kafkajs", Only(&["Kafka"]), MESSAGES, 95),
    Rule::member("javascript.amqp", "amqplib", Only(&["connect"]), MESSAGES, 95),
    Rule::member("javascript.nats", "nats", Only(&["connect"]), MESSAGES, 95),
    Rule::member("javascript.bull_queue", "bullmq", Only(&["Queue"]), MESSAGES, 95),
    // Network
    Rule::builtin("javascript.fetch", &["fetch", "XMLHttpRequest", "WebSocket", "EventSource"], NETWORK, 90),
    Rule::member("javascript.axios", "axios", Except(&["isAxiosError", "AxiosError", "isCancel"]), NETWORK, 95),
    Rule::member("javascript.got", "got", Any, NETWORK, 95),
    Rule::member("javascript.node_fetch", "node-fetch", Any, NETWORK, 95),
    Rule::member(
        "javascript.undici",
        "undici",
        Only(&["fetch", "request", "Client", "Pool", "Agent", "stream"]),
        NETWORK,
        95,
    ),
    Rule::member("javascript.superagent", "superagent", Any, NETWORK, 95),
    Rule::member("javascript.http", "http", Only(&["request", "get", "createServer"]), NETWORK, 95),
    Rule::member("javascript.http", "https", Only(&["request", "get", "createServer"]), NETWORK, 95),
    Rule::member("javascript.http2", "http2", Only(&["connect", "createServer", "createSecureServer"]), NETWORK, 95),
    Rule::member(
        "javascript.net",
        "net",
        Only(&["connect", "createConnection", "createServer", "Socket"]),
        NETWORK,
        95,
    ),
    Rule::member("javascript.tls", "tls", Only(&["connect", "createServer"]), NETWORK, 95),
    Rule::member("javascript.dgram", "dgram", Only(&["createSocket"]), NETWORK, 95),
    Rule::member("javascript.dns", "dns", Any, NETWORK, 90),
    Rule::member("javascript.ws", "ws", Any, NETWORK, 90),
    Rule::member("javascript.socket_io", "socket.io-client", Any, NETWORK, 95),
    Rule::member("javascript.grpc", "@grpc/grpc-js", Only(&["Server", "makeClientConstructor"]), NETWORK, 90),
    Rule::member("javascript.nodemailer", "nodemailer", Only(&["createTransport"]), NETWORK, 95),
    Rule::member("javascript.aws", "@aws-sdk", Any, NETWORK, 75),
    // Files, environment, programs
    Rule::member("javascript.fs", "fs", Except(FS), FILES, 95),
    Rule::member("javascript.fs", "fs/promises", Except(FS), FILES, 95),
    Rule::member("javascript.fs_extra", "fs-extra", Any, FILES, 95),
    Rule::member("javascript.glob", "glob", Any, FILES, 85),
    Rule::member("javascript.fast_glob", "fast-glob", Any, FILES, 85),
    Rule::method(
        "javascript.environment",
        &["env"],
        Receiver::Named(&["process", "import.meta", "Deno", "Bun"]),
        ENVIRONMENT,
        95,
    ),
    Rule::member("javascript.dotenv", "dotenv", Only(&["config"]), ENVIRONMENT, 95),
    Rule::member("javascript.child_process", "child_process", Any, SUBPROCESS, 95),
    Rule::member("javascript.execa", "execa", Any, SUBPROCESS, 95),
    Rule::member("javascript.cross_spawn", "cross-spawn", Any, SUBPROCESS, 95),
    Rule::member("javascript.worker", "cluster", Only(&["fork"]), SUBPROCESS, 95),
];
