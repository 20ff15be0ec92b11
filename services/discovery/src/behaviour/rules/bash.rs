//! Shell scripts. Every command is another program; only those that reach further are named.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

pub(super) const RULES: &[Rule] = &[
    Rule::builtin(
        "bash.network",
        &["curl", "wget", "ssh", "scp", "sftp", "rsync", "nc", "ncat", "telnet", "dig", "nslookup"],
        NETWORK,
        90,
    ),
    Rule::builtin(
        "bash.database",
        &["psql", "pg_dump", "pg_restore", "mysql", "mysqldump", "sqlite3", "mongosh", "mongo"],
        DATABASE,
        90,
    ),
    Rule::builtin("bash.cache", &["redis-cli"], CACHE, 90),
    Rule::builtin(
        "bash.messages",
        &["kafka-topics.sh", "kafka-console-producer.sh", "kafka-console-consumer.sh"],
        MESSAGES,
        90,
    ),
    Rule::builtin(
        "bash.files",
        &[
            "rm", "mv", "cp", "mkdir", "rmdir", "touch", "ln", "chmod", "chown", "tee", "install", "truncate",
            "mktemp", "tar", "unzip",
        ],
        FILES,
        85,
    ),
];
