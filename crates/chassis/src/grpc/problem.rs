//! How an error of the domain crosses gRPC: its kind and its sentence as gRPC has them, its stable code and what to do
//! next as metadata beside them.

use std::error::Error as _;
use tonic::metadata::{AsciiMetadataValue, BinaryMetadataValue, MetadataMap};
use tonic::{Code, Status};

/// The stable code: ASCII, so that a proxy's log shows it.
const CODE: &str = "codexa-code";
/// The next step: any text, so it travels as bytes.
const HELP: &str = "codexa-help-bin";
/// Longest sentence in bytes. All of a status travels in headers, of which peers take 16 KiB, and a byte may become three.
const LONGEST: usize = 2 << 10;

/// An error as a status. Sentences of more than 2 KiB are cut.
#[must_use]
pub fn status(kind: Code, code: &str, message: &str, help: &str) -> Status {
    let mut metadata = MetadataMap::new();
    // Codes are constants in our sources; one that cannot travel is left out, and the rest still arrives.
    if let Ok(code) = AsciiMetadataValue::try_from(code) {
        metadata.insert(CODE, code);
    }
    metadata.insert_bin(HELP, BinaryMetadataValue::from_bytes(cut(help).as_bytes()));
    Status::with_metadata(kind, cut(message), metadata)
}

/// Code, message and help of an error that another service made by [`status`]; `None` for what gRPC itself says (the
/// service is away, say).
#[must_use]
pub fn problem_of(status: &Status) -> Option<(String, String, String)> {
    let code = status.metadata().get(CODE)?.to_str().ok()?;
    let help = status.metadata().get_bin(HELP).and_then(|help| help.to_bytes().ok()).unwrap_or_default();
    Some((code.to_owned(), status.message().to_owned(), String::from_utf8_lossy(&help).into_owned()))
}

/// Whether an error is one that another service made by [`status`] with this code.
#[must_use]
pub fn is_problem(status: &Status, code: &str) -> bool {
    status.metadata().get(CODE).is_some_and(|said| said.as_bytes() == code.as_bytes())
}

/// Whether a service is away, is too slow, or went while it was asked: the same may be asked again.
#[must_use]
pub fn is_away(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => true,
        // A connection that breaks under a request. What a service itself says so comes without an error below it.
        Code::Unknown => status.source().is_some(),
        _ => false,
    }
}

fn cut(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(LONGEST);
    format!("{}…", text.get(..end).unwrap_or_default())
}
