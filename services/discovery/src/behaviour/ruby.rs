//! What Ruby's small languages say in arguments: words, options and lists, as written.

use super::registering::split;

/// Options of routes: where one of these is a key, it is no path.
const OPTIONS: &[&str] = &[
    "action",
    "anchor",
    "as",
    "at",
    "concerns",
    "constraints",
    "controller",
    "defaults",
    "except",
    "format",
    "module",
    "on",
    "only",
    "param",
    "path",
    "path_names",
    "protocol",
    "shallow",
    "to",
    "via",
];

/// The arguments of a call.
pub(super) struct Arguments<'a> {
    /// Those without a key.
    pub(super) plain: Vec<&'a str>,
    /// The first pair whose key is no option: `"/x" => "a#b"`, `name: [:needed]`.
    pub(super) mapped: Option<(&'a str, &'a str)>,
    named: Vec<(&'a str, &'a str)>,
}

impl<'a> Arguments<'a> {
    pub(super) fn of(arguments: &'a str) -> Self {
        let mut found = Self { plain: Vec::new(), mapped: None, named: Vec::new() };
        for argument in split(arguments).into_iter().map(str::trim).filter(|argument| !argument.is_empty()) {
            match pair(argument) {
                Some((key, value)) if is_option(key) => found.named.push((word(key).unwrap_or(key), value)),
                Some(pair) => {
                    found.mapped.get_or_insert(pair);
                }
                None => found.plain.push(argument),
            }
        }
        found
    }

    /// The value of an option, as written.
    pub(super) fn option(&self, name: &str) -> Option<&'a str> {
        self.named.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// What the call is about: its first argument, or the key of the pair that stands in its place.
    pub(super) fn subject(&self) -> Option<&'a str> {
        self.plain.first().copied().or_else(|| self.mapped.map(|(key, _)| key))
    }
}

fn is_option(key: &str) -> bool {
    !key.starts_with(['"', '\'']) && word(key).is_some_and(|key| OPTIONS.contains(&key))
}

/// `key: value` and `key => value`.
fn pair(argument: &str) -> Option<(&str, &str)> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let end = argument.find(|c| !is_name(c)).unwrap_or(argument.len());
    let (name, rest) = argument.split_at(end);
    if let Some(value) = rest.strip_prefix(':').filter(|value| !name.is_empty() && !value.starts_with(':')) {
        return Some((name, value.trim()));
    }
    // `"name": value`
    if let Some(quote) = argument.chars().next().filter(|c| matches!(c, '"' | '\''))
        && let Some((_, value)) = argument.get(1..)?.split_once(&format!("{quote}:"))
    {
        let key = argument.get(..argument.len() - value.len() - 1)?;
        return Some((key, value.trim()));
    }
    let (key, value) = argument.split_once("=>")?;
    Some((key.trim(), value.trim()))
}

/// The content of a symbol or of a plain string; of a key, the key itself. `None` for what is computed.
pub(super) fn word(text: &str) -> Option<&str> {
    let text = text.trim();
    let inner = text.strip_prefix(':').unwrap_or(text);
    for quote in ['"', '\''] {
        if let Some(inner) = inner.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote)) {
            return (!inner.contains([quote, '\\']) && !inner.contains("#{")).then_some(inner);
        }
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '?' | '!');
    (!inner.is_empty() && inner.chars().all(is_name)).then_some(inner)
}

/// The words of `[:a, 'b']`, `%i[a b]`, `%w(a b)` and `:a`; `None` where they are computed, or cut off.
pub(super) fn words(text: &str) -> Option<Vec<&str>> {
    let text = text.trim();
    if let Some(listed) = text.strip_prefix('[') {
        let listed = listed.strip_suffix(']')?;
        return split(listed).into_iter().filter(|item| !item.trim().is_empty()).map(symbol).collect();
    }
    if let Some(listed) = text.strip_prefix("%i").or_else(|| text.strip_prefix("%w")) {
        let listed = listed.strip_prefix(['[', '(', '{', '<'])?.strip_suffix([']', ')', '}', '>'])?;
        return Some(listed.split_whitespace().collect());
    }
    symbol(text).map(|word| vec![word])
}

/// The path that a namespace of this name puts its routes below: `'/x'`, `:x`, and `:id` as a parameter.
pub(super) fn below(namespace: &str, arguments: &str) -> String {
    let subject = Arguments::of(arguments).subject().and_then(symbol);
    let colon = if namespace == "route_param" { ":" } else { "" };
    subject.map_or_else(String::new, |subject| format!("{colon}{}", subject.trim_end_matches('/')))
}

/// The content of a symbol or a string: a bare name is a variable.
pub(super) fn symbol(text: &str) -> Option<&str> {
    let text = text.trim();
    word(text).filter(|_| text.starts_with([':', '"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_told_from_options() {
        for (text, subject, to, mapped) in [
            ("\"/x\" => \"a#b\", :as => \"x\"", Some("\"/x\""), None, Some("\"a#b\"")),
            (":posts, to: 'a#b', only: [:index]", Some(":posts"), Some("'a#b'"), None),
            (":to => 'a#b'", None, Some("'a#b'"), None),
            ("build: [:a, :b]", Some("build"), None, Some("[:a, :b]")),
            ("\"a:b\": :environment", Some("\"a:b\""), None, Some(":environment")),
            ("Sidekiq::Web => '/sidekiq'", Some("Sidekiq::Web"), None, Some("'/sidekiq'")),
            ("'a:b', [:c] => :d", Some("'a:b'"), None, Some(":d")),
            ("", None, None, None),
        ] {
            let arguments = Arguments::of(text);
            assert_eq!(arguments.subject(), subject, "{text}");
            assert_eq!(arguments.option("to"), to, "{text}");
            assert_eq!(arguments.mapped.map(|(_, value)| value), mapped, "{text}");
        }
    }

    #[test]
    fn words_are_read_and_computed_ones_are_not() {
        for (text, expected) in [
            ("[:index, 'show']", Some(vec!["index", "show"])),
            ("%i[index show]", Some(vec!["index", "show"])),
            (":index", Some(vec!["index"])),
            ("[]", Some(vec![])),
            ("[:index, ACTIONS]", None),
            ("[:index, :sh", None),
            ("actions", None),
            ("\"a#{b}\"", None),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
