//! Packages of the Java platform (the JDK's own modules, Java SE 21 API specification).

/// Packages under `javax` that the JDK holds, with those below them; the others of that name (servlet, inject,
/// persistence …) come as libraries.
const JAVAX: [&str; 23] = [
    "accessibility",
    "annotation.processing",
    "crypto",
    "imageio",
    "lang.model",
    "management",
    "naming",
    "net",
    "print",
    "rmi",
    "script",
    "security.auth",
    "security.cert",
    "security.sasl",
    "smartcardio",
    "sound",
    "sql",
    "swing",
    "tools",
    "transaction.xa",
    "xml.catalog",
    "xml.crypto",
    "xml.datatype",
];
/// The rest of `javax.xml` that the JDK holds: `bind`, `ws`, `soap` and `rpc` left it with Java 11.
const JAVAX_XML: [&str; 6] =
    ["xml.namespace", "xml.parsers", "xml.stream", "xml.transform", "xml.validation", "xml.xpath"];
/// Packages with any other beginning.
const OTHERS: [&str; 12] = [
    "com.sun.jdi",
    "com.sun.management",
    "com.sun.net.httpserver",
    "com.sun.nio",
    "com.sun.source",
    "com.sun.security",
    "com.sun.tools",
    "jdk",
    "netscape.javascript",
    "org.ietf.jgss",
    "org.w3c.dom",
    "org.xml.sax",
];

/// Whether a package belongs to the JDK.
pub(super) fn is_standard(package: &str) -> bool {
    let under = |known: &str| package.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if let Some(rest) = package.strip_prefix("javax.") {
        let under =
            |known: &&str| rest.strip_prefix(*known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        return rest == "xml" || JAVAX.iter().chain(&JAVAX_XML).any(under);
    }
    under("java") || under("sun") || OTHERS.iter().any(|known| under(known))
}

#[cfg(test)]
mod tests {
    #[test]
    fn libraries_that_share_the_name_javax_are_not_the_platform() {
        for package in
            ["java.util", "javax.net.ssl", "javax.xml", "javax.xml.parsers", "sun.misc", "com.sun.net.httpserver"]
        {
            assert!(super::is_standard(package), "{package}");
        }
        for package in ["javax.servlet.http", "javax.xml.bind", "javax.annotation", "javafx.scene", "com.sun.jersey"] {
            assert!(!super::is_standard(package), "{package}");
        }
    }
}
