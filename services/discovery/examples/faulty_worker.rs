//! A worker that does to itself what hostile files may do to a real one; the names of the files say what. For tests.

use codexa_discovery::workers::serve_watched;
use std::io::{BufWriter, stdin, stdout};

fn main() -> std::io::Result<()> {
    serve_watched(&mut stdin().lock(), &mut BufWriter::new(stdout().lock()), |task| {
        if task.path.contains("hang") {
            loop {
                std::thread::park();
            }
        }
        if task.path.contains("crash") {
            std::process::abort();
        }
        if task.path.contains("explode") {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(vec![1; 16 << 20]);
            }
        }
    })
}
