//! Ruby. Constants need no import: Bundler and Rails load them. Routes of Rails and tasks of Rake are read by modules of
//! their own.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

const VERBS: &[&str] = &["get", "post", "put", "delete", "patch", "options", "head"];

/// All names of one thing in Grape; the last takes a parameter.
const GRAPE_NAMESPACES: &[&str] = &["namespace", "resource", "resources", "group", "segment", "route_param"];

pub(super) const RULES: &[Rule] = &[
    // Routes
    Rule::method("ruby.sinatra_route", VERBS, Receiver::None, ROUTE, 90).path().needs(&["sinatra", "sinatra/base"]),
    Rule::method("ruby.sinatra_namespace", &["namespace"], Receiver::None, MOUNT, 90)
        .path()
        .needs(&["sinatra/namespace", "sinatra/contrib"]),
    Rule::method("ruby.grape_namespace", GRAPE_NAMESPACES, Receiver::None, MOUNT, 85).needs(&["grape"]),
    Rule::method("ruby.grape_route", VERBS, Receiver::None, ROUTE, 80).needs(&["grape"]),
    // Commands, jobs
    Rule::method("ruby.thor_command", &["desc"], Receiver::None, COMMAND, 85)
        .text()
        .needs(&["thor"])
        .inside()
        .named_by_first_word(),
    Rule::member("ruby.sidekiq_cron", "Sidekiq::Cron::Job", Any, JOB, 90),
    Rule::method("ruby.sidekiq_worker", &["include"], Receiver::None, JOB, 90)
        .argument("Sidekiq::Job")
        .named_by_symbol_around(),
    Rule::method("ruby.sidekiq_worker", &["include"], Receiver::None, JOB, 90)
        .argument("Sidekiq::Worker")
        .named_by_symbol_around(),
    Rule::method("ruby.sidekiq_worker", &["sidekiq_options"], Receiver::None, JOB, 85).named_by_symbol_around(),
    Rule::method("ruby.active_job", &["queue_as"], Receiver::None, JOB, 90).named_by_symbol_around(),
    // Databases, caches, messages
    Rule::member(
        "ruby.active_record",
        "ActiveRecord::Base",
        Only(&["connection", "establish_connection", "transaction"]),
        DATABASE,
        95,
    ),
    Rule::member("ruby.postgres", "PG", Only(&["connect", "Connection"]), DATABASE, 95),
    Rule::member("ruby.mysql", "Mysql2::Client", Any, DATABASE, 95),
    Rule::member("ruby.sqlite", "SQLite3::Database", Any, DATABASE, 95),
    Rule::member("ruby.sequel", "Sequel", Only(&["connect", "sqlite", "postgres"]), DATABASE, 95),
    Rule::member("ruby.mongo", "Mongo::Client", Any, DATABASE, 95),
    Rule::member("ruby.redis", "Redis", Only(&["new"]), CACHE, 95),
    Rule::member("ruby.rails_cache", "Rails", Only(&["cache"]), CACHE, 90),
    Rule::member("ruby.memcached", "Dalli::Client", Any, CACHE, 95),
    Rule::member("ruby.kafka", "Kafka", Only(&["new"]), MESSAGES, 90),
    Rule::member("ruby.bunny", "Bunny", Only(&["new"]), MESSAGES, 95),
    // Network
    Rule::member("ruby.net_http", "Net::HTTP", Any, NETWORK, 95),
    Rule::member("ruby.net_protocols", "Net", Only(&["SMTP", "FTP", "IMAP", "POP3", "SSH"]), NETWORK, 95),
    Rule::member("ruby.http_gems", "Faraday", Any, NETWORK, 90),
    Rule::member("ruby.http_gems", "HTTParty", Any, NETWORK, 95),
    Rule::member("ruby.http_gems", "RestClient", Any, NETWORK, 95),
    Rule::member("ruby.http_gems", "Typhoeus", Any, NETWORK, 90),
    Rule::member("ruby.http_gems", "Excon", Any, NETWORK, 90),
    Rule::member("ruby.socket", "TCPSocket", Any, NETWORK, 95),
    Rule::member("ruby.socket", "TCPServer", Any, NETWORK, 95),
    Rule::member("ruby.socket", "UDPSocket", Any, NETWORK, 95),
    Rule::member("ruby.socket", "UNIXSocket", Any, NETWORK, 95),
    Rule::member("ruby.open_uri", "URI", Only(&["open"]), NETWORK, 95),
    // Files, environment, programs
    Rule::member(
        "ruby.file",
        "File",
        Except(&["join", "basename", "dirname", "extname", "expand_path", "split", "absolute_path"]),
        FILES,
        95,
    ),
    Rule::member("ruby.dir", "Dir", Except(&["pwd"]), FILES, 95),
    Rule::member("ruby.file_utils", "FileUtils", Any, FILES, 95),
    Rule::member("ruby.io_file", "IO", Only(&["read", "readlines", "write", "binread", "foreach"]), FILES, 90),
    Rule::member("ruby.tempfile", "Tempfile", Any, FILES, 90),
    Rule::member("ruby.environment", "ENV", Any, ENVIRONMENT, 95),
    Rule::builtin("ruby.environment", &["ENV"], ENVIRONMENT, 95),
    Rule::member("ruby.open3", "Open3", Any, SUBPROCESS, 95),
    Rule::member("ruby.io_popen", "IO", Only(&["popen"]), SUBPROCESS, 95),
    Rule::member("ruby.process", "Process", Only(&["spawn", "fork", "exec"]), SUBPROCESS, 95),
    Rule::member("ruby.kernel", "Kernel", Only(&["system", "exec", "spawn", "fork"]), SUBPROCESS, 95),
    Rule::builtin("ruby.kernel", &["system", "spawn", "fork", "`"], SUBPROCESS, 90),
];
