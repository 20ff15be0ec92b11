//! `known_differences.json`: every way in which a profile is known to differ, with a snippet that shows it.

use serde::Deserialize;
use serde_json::Value;

/// One known difference.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Difference {
    pub(crate) id: String,
    pub(crate) profiles: Vec<String>,
    /// The snippet's file name.
    pub(crate) file: String,
    pub(crate) snippet: Snippet,
    /// What the tool says of the snippet: the whole entry, or some of its keys.
    pub(crate) theirs: Value,
    /// What Codexa says.
    pub(crate) ours: Value,
    /// Which differences in a corpus this one explains.
    pub(crate) explains: Explains,
    pub(crate) reason: String,
}

/// A snippet's text: `before`, `repeated` as often as `times`, `after`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snippet {
    pub(crate) before: String,
    #[serde(default)]
    pub(crate) repeated: String,
    #[serde(default)]
    pub(crate) times: usize,
    #[serde(default)]
    pub(crate) after: String,
}

impl Snippet {
    pub(crate) fn text(&self) -> String {
        format!("{}{}{}", self.before, self.repeated.repeat(self.times), self.after)
    }
}

/// What must hold for a difference to be explained; all that is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Explains {
    /// A part of the error that the tool reports.
    pub(crate) their_error: Option<String>,
    /// Whether Codexa reports an error.
    pub(crate) our_error: Option<bool>,
    /// A regular expression that the tool's language matches.
    pub(crate) their_language: Option<String>,
    /// Codexa's language or state.
    pub(crate) our_language: Option<String>,
    /// A regular expression that the file's text matches.
    pub(crate) source: Option<String>,
}

impl Difference {
    /// Whether this is the reason why `theirs` and `ours` differ for a file with the text `source`.
    pub(crate) fn explains(&self, profile: &str, theirs: &Value, ours: &Value, source: &str) -> bool {
        let error = |value: &Value| value.get("error").and_then(Value::as_str).map(str::to_owned);
        let language = |value: &Value| value["language"].as_str().unwrap_or_default().to_owned();
        let is_match = |pattern: &str, text: &str| regex::Regex::new(pattern).expect("a valid pattern").is_match(text);
        let rule = &self.explains;
        self.profiles.iter().any(|name| name == profile)
            && rule.their_error.as_ref().is_none_or(|part| error(theirs).is_some_and(|text| text.contains(part)))
            && rule.our_error.is_none_or(|expected| error(ours).is_some() == expected)
            && rule.their_language.as_ref().is_none_or(|pattern| is_match(pattern, &language(theirs)))
            && rule.our_language.as_ref().is_none_or(|name| *name == language(ours))
            && rule.source.as_ref().is_none_or(|pattern| is_match(pattern, source))
    }
}

/// The committed list.
pub(crate) fn known() -> Vec<Difference> {
    serde_json::from_str(include_str!("../../known_differences.json")).expect("a list of differences")
}

/// Whether `recorded` says what `actual` says, for the keys that it has; without keys it says nothing.
pub(crate) fn says(recorded: &Value, actual: &Value) -> bool {
    match (recorded, actual) {
        (Value::Object(recorded), _) if recorded.is_empty() => true,
        (Value::Object(recorded), Value::Object(actual)) => {
            recorded.iter().all(|(key, value)| actual.get(key).is_some_and(|actual| says(value, actual)))
        }
        _ => crate::tools::equal(recorded, actual),
    }
}
