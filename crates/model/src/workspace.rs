//! What a new workspace of a change holds, before anybody writes in it. What another version of Codexa made it with may differ,
//! and counts as written.

/// Its files, beside its status.
const TEMPLATES: [(&str, &str); 5] = [
    ("spec.md", include_str!("../templates/spec.md")),
    ("plan.md", include_str!("../templates/plan.md")),
    ("tasks.md", include_str!("../templates/tasks.md")),
    ("impact.md", include_str!("../templates/impact.md")),
    ("evidence.json", include_str!("../templates/evidence.json")),
];

/// The names of its files.
pub fn files() -> impl Iterator<Item = &'static str> {
    TEMPLATES.into_iter().map(|(name, _)| name)
}

/// A file as it is made for a change; `None` where none of that name is made.
#[must_use]
pub fn made(name: &str, id: &str, title: &str) -> Option<String> {
    let (_, template) = TEMPLATES.into_iter().find(|(known, _)| *known == name)?;
    Some(template.replace("{id}", id).replace("{title}", &one_line(title)))
}

/// Untrusted text as one line of Markdown that is nothing but text.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }) {
        if "\\`*_[]<>#|!&~$".contains(letter) {
            line.push('\\');
        }
        line.push(letter);
    }
    line
}
