//! Compiles the contract without protoc.

use std::path::PathBuf;

const FILES: [&str; 4] = ["common", "discovery", "governance", "planner"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=codexa");
    let files = FILES.map(|name| format!("codexa/v1/{name}.proto"));
    let mut compiler = protox::Compiler::new(["."])?;
    compiler.include_source_info(true).include_imports(true).open_files(&files)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("codexa.v1.bin"), compiler.encode_file_descriptor_set())?;
    // Its own Debug leaves the token out.
    tonic_prost_build::configure().skip_debug([".codexa.v1.Caller"]).compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
