//! The `codexa` binary; everything is in the library beside it, so that tests can see the command tree.

/// For the grammars' C code as well: parsing makes and drops a syntax node at a time, and much of its time is the allocator's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    codexa::run(std::env::args_os())
}
