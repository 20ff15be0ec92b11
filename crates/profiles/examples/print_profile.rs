//! Prints a profile's JSON: `cargo run --example print_profile -- radon-cc PATH…`.
use std::path::PathBuf;

use codexa_profiles::{Options, Profile, run};

fn main() {
    let mut args = std::env::args().skip(1);
    let profile = args.next().and_then(|name| Profile::from_name(&name)).expect("the name of a profile");
    let paths: Vec<PathBuf> = args.map(PathBuf::from).collect();
    let options = Options { ignore: vec!["site-packages".into(), "dist-packages".into()], ..Options::default() };
    let report = run(profile, &paths, &options).expect("paths that exist");
    serde_json::to_writer(std::io::stdout().lock(), &report).expect("a report that serialises");
}
