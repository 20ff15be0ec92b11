//! Prints the facts of one file: `cargo run -p codexa-syntax --example facts -- FILE`.

use codexa_syntax::{Analyser, Limits, language_of};

fn main() {
    for path in std::env::args().skip(1) {
        let Ok(source) = std::fs::read(&path) else { continue };
        let language = tokei::LanguageType::from_path(&path, &tokei::Config::default()).and_then(language_of);
        if let Some(language) = language {
            println!("{:#?}", Analyser::new().analyse(language, &source, &Limits::default()));
        }
    }
}
