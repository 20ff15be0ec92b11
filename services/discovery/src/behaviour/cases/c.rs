use super::{Case, case};

pub(super) const C: &[Case] = &[
    case("c.python_module", "", "void f(void) { PyModule_Create(&m); }", "void f(void) { module_create(&m); }"),
    case("c.node_module", "", "NAPI_MODULE(x, init)", "MODULE(x, init)"),
    case("c.sqlite", "", "void f(void) { sqlite3_open(\"x\", &db); }", "void f(void) { sqlite3_errmsg(db); }"),
    case("c.postgres", "", "void f(void) { PQconnectdb(\"x\"); }", "void f(void) { PQfinish(c); }"),
    case("c.mysql", "", "void f(void) { mysql_query(c, \"x\"); }", "void f(void) { mysql_error(c); }"),
    case(
        "c.hiredis",
        "",
        "void f(void) { redisConnect(\"x\", 1); }",
        "void redisConnect(char *a, int b) {}\nvoid f(void) { redisConnect(\"x\", 1); }",
    ),
    case("c.kafka", "", "void f(void) { rd_kafka_new(a, b, c, d); }", "void f(void) { rd_kafka_name(a); }"),
    case(
        "c.socket",
        "",
        "void f(void) { socket(1, 2, 3); }",
        "int socket(int a, int b, int c) { return a; }\nvoid f(void) { socket(1, 2, 3); }",
    ),
    case(
        "c.socket_call",
        "#include <sys/socket.h>",
        "void f(void) { connect(a, b, c); }",
        "void f(void) { x->connect(a, b, c); }",
    ),
    case("c.curl", "", "void f(void) { curl_easy_init(); }", "void f(void) { curl_easy_strerror(c); }"),
    case("c.tls", "", "void f(void) { SSL_connect(s); }", "void f(void) { SSL_free(s); }"),
    case("c.stdio", "", "void f(void) { fopen(\"x\", \"r\"); }", "void f(void) { fclose(p); x->fopen(\"x\"); }"),
    case(
        "c.posix_files",
        "",
        "void f(void) { unlink(\"x\"); }",
        "void unlink(const char *a) {}\nvoid f(void) { unlink(\"x\"); }",
    ),
    case(
        "c.common_files",
        "#include <fcntl.h>",
        "void f(void) { open(\"x\", 0); }",
        "void f(void) { x->open(\"x\", 0); }",
    ),
    case("c.win32_files", "", "void f(void) { CreateFileA(\"x\"); }", "void f(void) { CloseHandle(h); }"),
    case("c.environment", "", "void f(void) { getenv(\"X\"); }", "void f(void) { x.getenv(\"X\"); }"),
    case("c.process", "", "void f(void) { execve(a, b, c); }", "void f(void) { exit(1); }"),
    case("c.system", "", "void f(void) { system(\"ls\"); }", "void f(void) { x->system(\"ls\"); }"),
];

pub(super) const CPP: &[Case] = &[
    case(
        "cpp.filesystem",
        "#include <filesystem>",
        "void f() { std::filesystem::remove(p); }",
        "void f() { std::filesystem::path(p); list.remove(p); }",
    ),
    case(
        "cpp.fstream",
        "",
        "void f() { auto x = std::ifstream(\"x\"); }",
        "void f() { auto x = std::istringstream(\"x\"); }",
    ),
    case("cpp.environment", "", "void f() { std::getenv(\"X\"); }", "void f() { mine::getenv(\"X\"); }"),
    case("cpp.system", "", "void f() { std::system(\"ls\"); }", "void f() { mine::system(\"ls\"); }"),
];
