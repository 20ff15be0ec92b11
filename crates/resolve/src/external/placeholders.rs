//! Names in a value that stand for other values: Maven's `${name}`, MSBuild's `$(name)`.

use crate::work::Work;

/// Most placeholders that are replaced in one value, those inside their values included.
const MAX_REPLACED: usize = 64;
/// Longest expanded value, in bytes.
const MAX_VALUE: usize = 512;

/// How a format writes a placeholder.
pub(super) struct Marks {
    pub(super) open: &'static str,
    pub(super) close: char,
    /// Whether a value's own placeholders are replaced where it is used; else that was done where it was set.
    pub(super) is_lazy: bool,
}

/// The text with its placeholders replaced. What has no value stays as written, and so does the whole text where `work`
/// is spent or the result grows without end.
pub(super) fn expand<'v>(marks: &Marks, text: &str, work: &Work, value_of: impl Fn(&str) -> Option<&'v str>) -> String {
    let mut result = text.to_owned();
    let (mut replaced, mut from) = (0, 0);
    while let Some((start, end)) = next(marks, &result, from) {
        let name = result.get(start + marks.open.len()..end).unwrap_or_default();
        if !work.take(1) {
            return text.to_owned();
        }
        let Some(value) = value_of(name) else {
            from = end;
            continue;
        };
        replaced += 1;
        if replaced > MAX_REPLACED || result.len() + value.len() > MAX_VALUE {
            return text.to_owned();
        }
        result.replace_range(start..=end, value);
        from = if marks.is_lazy { start } else { start + value.len() };
    }
    result
}

/// Where the next placeholder begins and where it is closed, from a place on.
fn next(marks: &Marks, text: &str, from: usize) -> Option<(usize, usize)> {
    let start = text.get(from..)?.find(marks.open)? + from;
    let end = text.get(start..)?.find(marks.close)? + start;
    Some((start, end))
}
