//! What kind of thing an import names, by its text alone.

/// A specifier, cut into what the rules need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Specifier<'a> {
    /// `./x`, `../x`, `.`, `..`.
    Relative(&'a str),
    /// `#x`: an entry of the package's own `imports`.
    Internal(&'a str),
    /// A module that the runtime brings (`fs`, `node:fs`, `bun:test`).
    Runtime,
    /// `p/sub`, `@s/p/sub`: the package's name and `.` or `./sub`.
    Package {
        /// `p` or `@s/p`.
        name: &'a str,
        /// What follows the name and its `/`; empty for the package itself.
        subpath: &'a str,
    },
    /// `npm:p@1/sub`, `jsr:@s/p`, `https://…`: named by what the registry or the network knows.
    Remote(&'a str),
    /// `@/x`, `~/x`: not a package's name; an alias that bundlers conventionally bind to a source folder.
    Alias(&'a str),
    /// Nothing that any rule knows.
    Other,
}

/// Modules that Node.js brings (`module.builtinModules` of Node.js 24, without those that begin with `_`).
const NODE_MODULES: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Schemes of modules that a runtime brings.
const RUNTIME_SCHEMES: &[&str] = &["node", "bun", "cloudflare", "electron", "chrome"];

impl<'a> Specifier<'a> {
    /// Reads a specifier, without the loaders and queries that bundlers let stand around it (`raw!./x?url`).
    pub(super) fn of(target: &'a str) -> Self {
        let target = target.rsplit_once('!').map_or(target, |(_, path)| path);
        let target = target.split_once('?').map_or(target, |(path, _)| path);
        if target.starts_with("./") || target.starts_with("../") || target == "." || target == ".." {
            return Self::Relative(target);
        }
        if target.len() > 1 && target.starts_with('#') {
            return Self::Internal(target);
        }
        if let Some(rest) = target.strip_prefix("@/").or_else(|| target.strip_prefix("~/")) {
            return Self::Alias(rest);
        }
        if let Some((scheme, rest)) = target.split_once(':') {
            return Self::with_scheme(target, scheme, rest);
        }
        let Some((name, subpath)) = package(target) else { return Self::Other };
        // A trailing slash (`buffer/`) is how the package of that name is told from the runtime's module.
        if NODE_MODULES.binary_search(&name).is_ok()
            && (subpath.is_empty() && !target.ends_with('/') || is_builtin_subpath(target))
        {
            return Self::Runtime;
        }
        Self::Package { name, subpath }
    }

    fn with_scheme(target: &'a str, scheme: &str, rest: &'a str) -> Self {
        match scheme {
            _ if RUNTIME_SCHEMES.contains(&scheme) => Self::Runtime,
            "http" | "https" => Self::Remote(target),
            "npm" | "jsr" => Self::Remote(unversioned(rest.trim_start_matches('/'))),
            _ => Self::Other,
        }
    }
}

fn is_builtin_subpath(target: &str) -> bool {
    const SUBPATHS: &[&str] = &[
        "assert/strict",
        "dns/promises",
        "fs/promises",
        "inspector/promises",
        "path/posix",
        "path/win32",
        "readline/promises",
        "stream/consumers",
        "stream/promises",
        "stream/web",
        "timers/promises",
        "util/types",
    ];
    SUBPATHS.contains(&target)
}

/// The name and the rest of a bare specifier; `None` where npm allows no such name.
fn package(target: &str) -> Option<(&str, &str)> {
    let (name, subpath) = if target.starts_with('@') {
        let (scope, rest) = target.split_once('/')?;
        let (package, subpath) = rest.split_once('/').unwrap_or((rest, ""));
        if scope.len() == 1 || package.is_empty() {
            return None;
        }
        (target.get(..scope.len() + 1 + package.len())?, subpath)
    } else {
        target.split_once('/').unwrap_or((target, ""))
    };
    let legal =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'@' | b'/' | b'$');
    let valid = !name.is_empty() && !name.starts_with(['.', '_']) && name.len() <= 214 && name.bytes().all(legal);
    valid.then_some((name, subpath.trim_end_matches('/')))
}

/// `p` or `@s/p` out of `p@1/sub` or `@s/p@1/sub`.
fn unversioned(target: &str) -> &str {
    let name = package(target).map_or(target, |(name, _)| name);
    match name.rfind('@') {
        Some(at) if at > 0 => name.get(..at).unwrap_or(name),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_kinds_apart() {
        use Specifier::{Alias, Internal, Other, Package, Relative, Remote, Runtime};
        let cases = [
            ("./x", Relative("./x")),
            ("..", Relative("..")),
            ("raw-loader!./x.svg?url", Relative("./x.svg")),
            ("#a/b", Internal("#a/b")),
            ("fs", Runtime),
            ("fs/promises", Runtime),
            ("node:test/reporters", Runtime),
            ("bun:test", Runtime),
            ("buffer/", Package { name: "buffer", subpath: "" }),
            ("events/events.js", Package { name: "events", subpath: "events.js" }),
            ("lodash/fp", Package { name: "lodash", subpath: "fp" }),
            ("@s/p", Package { name: "@s/p", subpath: "" }),
            ("@s/p/a/b", Package { name: "@s/p", subpath: "a/b" }),
            ("npm:@s/p@1.2/a", Remote("@s/p")),
            ("https://example.org/x.js", Remote("https://example.org/x.js")),
            ("@/x", Alias("x")),
            ("~/x", Alias("x")),
            ("@s", Other),
            ("/abs", Other),
            ("", Other),
            ("a b", Other),
            ("virtual:x", Other),
        ];
        for (target, expected) in cases {
            assert_eq!(Specifier::of(target), expected, "{target}");
        }
    }

    #[test]
    fn runtime_modules_are_sorted_for_the_search() {
        assert!(NODE_MODULES.is_sorted());
    }
}
