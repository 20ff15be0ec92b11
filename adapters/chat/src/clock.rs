//! The time of day.

/// Milliseconds since 1970, UTC.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
