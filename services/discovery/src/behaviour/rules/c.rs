//! C and C++. Functions of the C library need no import here: headers are often included through others. Names that
//! programs also use for functions of their own (`connect`, `read`, `bind`) count only beside their header.

use crate::behaviour::rule::Rule;
use crate::behaviour::rule::words::*;

pub(super) const RULES: &[Rule] = &[
    // Foreign callers
    Rule::builtin(
        "c.python_module",
        &["PYBIND11_MODULE", "NB_MODULE", "PyModule_Create", "PyModuleDef_Init"],
        EXPORT,
        95,
    ),
    Rule::builtin("c.node_module", &["NODE_API_MODULE", "NAPI_MODULE", "NODE_MODULE"], EXPORT, 95),
    // Databases, caches, messages
    Rule::builtin("c.sqlite", &["sqlite3_open", "sqlite3_open_v2", "sqlite3_exec", "sqlite3_prepare_v2"], DATABASE, 95),
    Rule::builtin("c.postgres", &["PQconnectdb", "PQconnectStart", "PQexec", "PQexecParams"], DATABASE, 95),
    Rule::builtin("c.mysql", &["mysql_real_connect", "mysql_query", "mysql_real_query"], DATABASE, 95),
    Rule::builtin(
        "c.hiredis",
        &["redisConnect", "redisConnectWithTimeout", "redisConnectUnix", "redisAsyncConnect"],
        CACHE,
        95,
    ),
    Rule::builtin("c.kafka", &["rd_kafka_new"], MESSAGES, 95),
    // Network
    Rule::builtin(
        "c.socket",
        &[
            "socket",
            "socketpair",
            "getaddrinfo",
            "gethostbyname",
            "getnameinfo",
            "WSASocketA",
            "WSASocketW",
            "WSAStartup",
        ],
        NETWORK,
        90,
    ),
    Rule::builtin(
        "c.socket_call",
        &["connect", "bind", "listen", "accept", "accept4", "send", "sendto", "sendmsg", "recv", "recvfrom", "recvmsg"],
        NETWORK,
        90,
    )
    .needs(&["sys/socket.h", "winsock2.h"]),
    Rule::builtin(
        "c.curl",
        &["curl_easy_init", "curl_easy_perform", "curl_multi_init", "curl_multi_perform"],
        NETWORK,
        95,
    ),
    Rule::builtin("c.tls", &["SSL_connect", "SSL_accept", "BIO_do_connect", "BIO_new_connect"], NETWORK, 90),
    Rule::member("c.asio", "boost::asio::ip", Any, NETWORK, 85),
    // Files, environment, programs
    Rule::builtin(
        "c.stdio",
        &["fopen", "freopen", "fdopen", "tmpfile", "mkstemp", "mkdtemp", "opendir", "readdir", "fopen64", "_wfopen"],
        FILES,
        95,
    ),
    Rule::builtin(
        "c.posix_files",
        &[
            "openat",
            "unlink",
            "unlinkat",
            "mkdir",
            "mkdirat",
            "rmdir",
            "lstat",
            "fstatat",
            "ftruncate",
            "fsync",
            "fdatasync",
            "readlink",
            "symlink",
            "chmod",
            "chown",
            "renameat",
        ],
        FILES,
        90,
    ),
    Rule::builtin("c.common_files", &["open", "rename", "remove", "stat", "access", "truncate"], FILES, 85).needs(&[
        "fcntl.h",
        "unistd.h",
        "stdio.h",
        "sys/stat.h",
    ]),
    Rule::builtin(
        "c.win32_files",
        &["CreateFileA", "CreateFileW", "DeleteFileA", "DeleteFileW", "MoveFileExA", "MoveFileExW"],
        FILES,
        95,
    ),
    Rule::member("cpp.filesystem", "std::filesystem", Except(&["path"]), FILES, 95),
    Rule::member("cpp.fstream", "std", Only(&["ifstream", "ofstream", "fstream"]), FILES, 95),
    Rule::builtin(
        "c.environment",
        &[
            "getenv",
            "secure_getenv",
            "setenv",
            "putenv",
            "unsetenv",
            "_wgetenv",
            "GetEnvironmentVariableA",
            "GetEnvironmentVariableW",
        ],
        ENVIRONMENT,
        95,
    ),
    Rule::member("cpp.environment", "std", Only(&["getenv"]), ENVIRONMENT, 95),
    Rule::builtin(
        "c.process",
        &[
            "fork",
            "vfork",
            "execv",
            "execve",
            "execvp",
            "execl",
            "execlp",
            "execle",
            "execvpe",
            "posix_spawn",
            "posix_spawnp",
            "popen",
            "CreateProcessA",
            "CreateProcessW",
        ],
        SUBPROCESS,
        95,
    ),
    Rule::builtin("c.system", &["system"], SUBPROCESS, 90).needs(&["stdlib.h", "cstdlib"]),
    Rule::member("cpp.system", "std", Only(&["system"]), SUBPROCESS, 95),
];
