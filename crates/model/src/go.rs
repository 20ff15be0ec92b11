//! What Go's import paths tell of the packages they name.

/// The names that a Go package may have, as far as its import path tells: the last part; without a version; without `go`
/// around it.
#[must_use]
pub fn package_names(path: &str) -> Vec<&str> {
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
    };
    let mut parts = path.rsplit('/').skip_while(|part| is_version(part));
    let last = parts.next().unwrap_or(path);
    let last = last.rsplit_once('.').filter(|(_, version)| is_version(version)).map_or(last, |(name, _)| name);
    let bare = last.strip_prefix("go-").or_else(|| last.strip_suffix("-go")).or_else(|| last.strip_suffix(".go"));
    [Some(last), bare].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::package_names;

    #[test]
    fn a_path_ends_in_the_name_or_says_more() {
        for (path, names) in [
            ("net/http", &["http"][..]),
            ("github.com/x/yaml/v3", &["yaml"]),
            ("gopkg.in/yaml.v3", &["yaml"]),
            ("github.com/x/go-redis", &["go-redis", "redis"]),
            ("github.com/x/nats.go", &["nats.go", "nats"]),
            ("v2", &["v2"]),
            ("", &[""]),
        ] {
            assert_eq!(package_names(path), names, "{path}");
        }
    }
}
