//! Reading manifests that are programs (setup.py, Gradle) or INI files without running or parsing them: only literals
//! that stand right behind a name are taken.

/// The quoted literal at the start of a text, leading blanks skipped: `"x"` or `'x'`, on one line, without escapes.
pub(crate) fn quoted(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|&c| c == '"' || c == '\'')?;
    let (literal, _) = text.strip_prefix(quote)?.split_once(quote)?;
    (!literal.contains(['\n', '\\', '$'])).then_some(literal)
}

/// What follows each occurrence of a word, blanks skipped.
pub(crate) fn after_word<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(word).filter_map(move |(at, _)| {
        let before = text.get(..at)?;
        let after = text.get(at + word.len()..)?;
        let bounded = !before.ends_with(is_word) && !after.starts_with(is_word);
        bounded.then(|| after.trim_start())
    })
}

/// The first literal assigned to a name: `name = "x"`.
pub(crate) fn assigned<'t>(text: &'t str, name: &'t str) -> Option<&'t str> {
    after_word(text, name).find_map(|after| quoted(after.strip_prefix('=')?))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The options of an INI file as (section, key, value); a value's indented continuation lines are joined by `\n`.
pub(crate) fn ini(text: &str) -> Vec<(&str, &str, String)> {
    let mut options: Vec<(&str, &str, String)> = Vec::new();
    let mut section = "";
    let mut open = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let (true, Some((_, _, value))) = (open, options.last_mut()) {
                value.push('\n');
                value.push_str(trimmed);
            }
        } else if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            open = false;
        } else if let Some((key, value)) = trimmed.split_once('=').or_else(|| trimmed.split_once(':')) {
            options.push((section, key.trim(), value.trim().to_owned()));
            open = true;
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_literals_behind_the_whole_name_are_taken() {
        assert_eq!(assigned("rename='a', name = \"b\"", "name"), Some("b"));
        assert_eq!(assigned("name=NAME", "name"), None);
        assert_eq!(assigned("name='a\\'b'", "name"), None);
    }

    #[test]
    fn ini_values_continue_on_indented_lines() {
        let options = ini("[a]\nx = 1\n  2\n# no\n[b]\n  stray\ny: z\n");
        assert_eq!(options.len(), 2);
        assert_eq!(options[0], ("a", "x", "1\n2".to_owned()));
        assert_eq!(options[1], ("b", "y", "z".to_owned()));
    }
}
