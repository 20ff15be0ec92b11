//! The `codexa` binary; everything is in the library beside it, so that tests can see the command tree.

fn main() -> std::process::ExitCode {
    codexa::run(std::env::args_os())
}
