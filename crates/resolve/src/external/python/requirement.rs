//! One requirement in the form of PEP 508: `name[extra] >=1,<2 ; marker` or `name @ url`.

pub(super) struct Requirement<'a> {
    pub(super) name: &'a str,
    /// The version specifier or `@ url`, as written; the marker is left out.
    pub(super) requirement: Option<String>,
}

/// `None` for paths, bare URLs and anything else that names no distribution.
pub(super) fn parse(line: &str) -> Option<Requirement<'_>> {
    let line = line.trim();
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))).unwrap_or(line.len());
    let (name, rest) = line.split_at_checked(end)?;
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1.trim_start(),
        None => rest,
    };
    if let Some(url) = rest.strip_prefix('@') {
        let url = url.split(" ;").next().unwrap_or(url).trim();
        return (!is_local(url)).then(|| Requirement { name, requirement: Some(format!("@ {url}")) });
    }
    let specifier = rest.split(';').next().unwrap_or(rest).trim();
    let specifier = specifier.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(specifier).trim();
    if !specifier.is_empty() && !specifier.starts_with(['<', '>', '=', '!', '~']) {
        return None;
    }
    Some(Requirement { name, requirement: (!specifier.is_empty()).then(|| specifier.to_owned()) })
}

fn is_local(url: &str) -> bool {
    url.starts_with("file:") || url.starts_with('.') || url.starts_with('/')
}

/// The name as PEP 503 compares it: lower case, runs of `-`, `_` and `.` as one `-`.
pub(in crate::external) fn normalised(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    for part in name.split(['-', '_', '.']).filter(|part| !part.is_empty()) {
        if !result.is_empty() {
            result.push('-');
        }
        result.extend(part.chars().flat_map(char::to_lowercase));
    }
    result
}
