//! The mark-up of Slack, Discord and Markdown. Emphasis is dropped, mentions and links become plain words; code, quotes
//! and struck text keep their marks, because they say that the words inside are not the speaker's order.

/// The text with one layer of mark-up undone.
pub(crate) fn undo(text: &str) -> String {
    emphasis(&markdown_links(&angles(text)))
}

/// `<…>`: mentions, channels, links, emoji.
fn angles(text: &str) -> String {
    replaced(text, '<', |after| {
        let (inside, behind) = after.split_once('>').filter(|(inside, _)| !inside.contains(['<', '\n']))?;
        Some((angle(inside)?, behind))
    })
}

/// The text with each mark-up that `open` begins replaced by what `read` makes of what follows, which also gives the rest.
fn replaced<'t>(text: &'t str, open: char, read: impl Fn(&'t str) -> Option<(String, &'t str)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        out.push_str(before);
        if let Some((plain, behind)) = read(after) {
            out.push_str(&plain);
            rest = behind;
        } else {
            out.push(open);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// What one pair of angle brackets stands for; `None` where it is no mark-up.
fn angle(inside: &str) -> Option<String> {
    let (subject, label) = inside.split_once('|').map_or((inside, None), |(subject, label)| (subject, Some(label)));
    let is_id = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric());
    if let Some(user) = subject.strip_prefix("@&").or_else(|| subject.strip_prefix("@!")).or(subject.strip_prefix('@'))
    {
        return is_id(user).then(|| format!("@{user}"));
    }
    if let Some(channel) = subject.strip_prefix('#') {
        return is_id(channel).then(|| format!("#{}", label.filter(|label| !label.is_empty()).unwrap_or(channel)));
    }
    if let Some(special) = subject.strip_prefix('!') {
        let name = special.strip_prefix("subteam^").unwrap_or(special);
        return Some(match label {
            Some(label) if special.starts_with("date^") => label.to_owned(),
            _ => format!("@{}", name.split('^').next().unwrap_or(name)),
        });
    }
    if let Some(emoji) = subject.strip_prefix("a:").or_else(|| subject.strip_prefix(':')) {
        let (name, id) = emoji.split_once(':')?;
        return id.chars().all(|c| c.is_ascii_digit()).then(|| format!(":{name}:"));
    }
    is_address(subject).then(|| label.map_or_else(|| subject.to_owned(), |label| link(subject, label)))
}

/// `[label](address)`.
fn markdown_links(text: &str) -> String {
    replaced(text, '[', |after| {
        let (label, behind) = after.split_once("](")?;
        let (address, behind) = behind.split_once(')')?;
        (is_address(address) && !label.contains(['[', '\n'])).then(|| (link(address, label), behind))
    })
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| text.starts_with(scheme))
        && !text.contains(char::is_whitespace)
}

/// What a link reads as: its label where each name or number in it is also in the address, or where the label names no place
/// and no id at all; otherwise the address, because a label that names something else is there to deceive.
fn link(address: &str, label: &str) -> String {
    let known = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        let plain = word.chars().all(|c| c.is_ascii_alphabetic());
        plain || has_part(&address.to_ascii_lowercase(), &word)
    };
    let agrees = label.split_whitespace().all(known);
    if agrees { label.to_owned() } else { address.to_owned() }
}

/// Whether the address holds the word, not as a piece of a longer one (`CH-01` is not in `…/CH-010`).
fn has_part(address: &str, word: &str) -> bool {
    let open = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && address.match_indices(word).any(|(at, found)| {
            open(address.get(..at).and_then(|before| before.chars().next_back()))
                && open(address.get(at + found.len()..).and_then(|after| after.chars().next()))
        })
}

/// Marks around words that only make them look different; longest first.
const EMPHASIS: &[&str] = &["***", "**", "__", "*", "_"];

/// `**bold**`, `*bold*`, `_italic_`, `__underlined__`: the marks go, where they stand around whole words.
fn emphasis(text: &str) -> String {
    let mut text = text.to_owned();
    for mark in EMPHASIS {
        if text.contains(mark) {
            text = without(&text, mark);
        }
    }
    text
}

/// The text without pairs of a mark. Code keeps what stands in it.
fn without(text: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut opened: Option<usize> = None;
    let mut code = false;
    let mut rest = text;
    let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !"/_*.:".contains(c));
    while let Some(c) = rest.chars().next() {
        code ^= c == '`';
        if c == '\n' {
            opened = None;
        }
        let Some(after) = rest.strip_prefix(mark).filter(|_| !code) else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        };
        let (before, next) = (out.chars().next_back(), after.chars().next());
        let closes =
            opened.filter(|at| *at < out.len() && boundary(next) && before.is_some_and(|c| !c.is_whitespace()));
        match closes {
            Some(at) => {
                let inside = out.split_off(at);
                out.push_str(inside.get(mark.len()..).unwrap_or_default());
                opened = None;
            }
            None => {
                if boundary(before) && next.is_some_and(|c| c.is_alphanumeric() || "`\"'@*_".contains(c)) {
                    opened = Some(out.len());
                }
                out.push_str(mark);
            }
        }
        rest = after;
    }
    out
}
