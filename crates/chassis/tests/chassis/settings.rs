use codexa_chassis::settings::{Misspelt, Origin, Secret, SettingError, Settings, Sources};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

fn settings(flags: &[(&str, &str)], environment: &[(&str, &str)]) -> Settings {
    let flags = flags.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    Settings::new(Sources::new(flags, environment.iter().map(|(name, value)| (name.into(), value.into()))))
}

/// A file with this content, for as long as the folder lives.
fn file(content: impl AsRef<[u8]>) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, content).expect("a file");
    let path = path.to_str().expect("text").to_owned();
    (folder, path)
}

#[test]
fn the_strongest_origin_wins() {
    let (_folder, path) = file("4\n");
    let of_file = Origin::File { variable: "CODEXA_DEPTH_LIMIT_FILE".to_owned(), path: path.clone().into() };
    let flag = [("depth-limit", "2")];
    let (variable, empty) = ([("CODEXA_DEPTH_LIMIT", "3")], [("CODEXA_DEPTH_LIMIT", "")]);
    let (named, both_empty) = ([("CODEXA_DEPTH_LIMIT_FILE", path.as_str())], [("CODEXA_DEPTH_LIMIT_FILE", "")]);
    for (flags, environment, value, origin) in [
        (&flag[..], &variable[..], 2, Origin::Flag("--depth-limit".to_owned())),
        (&flag[..], &named[..], 2, Origin::Flag("--depth-limit".to_owned())),
        (&[], &variable[..], 3, Origin::Environment("CODEXA_DEPTH_LIMIT".to_owned())),
        (&[], &named[..], 4, of_file),
        (&[], &empty[..], 1, Origin::BuiltIn),
        (&[], &both_empty[..], 1, Origin::BuiltIn),
        (&[], &[("DEPTH_LIMIT", "3")][..], 1, Origin::BuiltIn),
    ] {
        let mut settings = settings(flags, environment);
        assert_eq!(settings.or("depth-limit", 1).expect("a value"), value);
        assert_eq!(settings.origin("depth-limit"), Some(&origin));
    }
}

#[test]
fn what_means_nothing_is_refused_with_its_origin() {
    let mut settings =
        settings(&[("listen", "here")], &[("CODEXA_DEPTH", "-1"), ("CODEXA_TOKEN", "a"), ("CODEXA_TOKEN_FILE", "/b")]);
    let refused = [
        settings.required::<SocketAddr>("listen").expect_err("no address").to_string(),
        settings.or("depth", 1_u32).expect_err("no count").to_string(),
        settings.secret("token").expect_err("two of them").to_string(),
        settings.required::<String>("database-url").expect_err("nobody gave it").to_string(),
        settings.required_secret("adapter-key").expect_err("nobody gave it").to_string(),
    ];
    assert_eq!(
        refused,
        [
            r#"--listen: "here" invalid socket address syntax"#,
            r#"CODEXA_DEPTH: "-1" invalid digit found in string"#,
            "CODEXA_TOKEN and CODEXA_TOKEN_FILE are both set; keep one of them",
            "database-url is not set; give --database-url, CODEXA_DATABASE_URL or CODEXA_DATABASE_URL_FILE",
            "adapter-key is not set; give --adapter-key, CODEXA_ADAPTER_KEY or CODEXA_ADAPTER_KEY_FILE",
        ]
    );
}

#[test]
fn a_secret_in_a_file_loses_one_newline_and_nothing_else() {
    let longest = "x".repeat(64 << 10);
    for (content, value) in [
        ("hunter2", "hunter2"),
        ("hunter2\n", "hunter2"),
        ("hunter2\r\n", "hunter2"),
        ("hunter2\n\n", "hunter2\n"),
        (" hunter2 ", " hunter2 "),
        ("", ""),
        (&longest, &longest),
    ] {
        let (_folder, path) = file(content);
        let secret = settings(&[], &[("CODEXA_TOKEN_FILE", &path)]).required_secret("token").expect("a secret");
        assert_eq!(secret.expose(), value);
    }
}

#[test]
fn a_file_that_cannot_be_a_secret_is_refused() {
    let (_folder, long) = file("x".repeat((64 << 10) + 1));
    let (_other, bytes) = file([0xff]);
    for (path, why) in [
        (long.as_str(), "larger than 64 KiB"),
        ("/dev/zero", "larger than 64 KiB"),
        (&bytes, "stream did not contain valid UTF-8"),
        ("/nowhere/secret", "No such file or directory (os error 2)"),
    ] {
        let refused = settings(&[], &[("CODEXA_TOKEN_FILE", path)]).secret("token").expect_err(path);
        assert_eq!(refused.to_string(), format!("CODEXA_TOKEN_FILE ({path}): {why}"));
        assert!(
            matches!(refused, SettingError::File { origin: Origin::File { path: at, .. }, .. } if at == Path::new(path))
        );
    }
}

#[test]
fn bytes_in_the_environment_are_refused_and_not_shown() {
    let bytes = [(OsString::from("CODEXA_TOKEN"), OsString::from_vec(vec![b'p', 0xff]))];
    let refused = Settings::new(Sources::new([], bytes)).secret("token").expect_err("no text");
    assert_eq!(refused.to_string(), r#"CODEXA_TOKEN: "(bytes)" is not UTF-8"#);
}

#[test]
fn a_secret_is_shown_nowhere() {
    let secret = Secret::new("hunter2");
    let shown = [format!("{secret}"), format!("{secret:?}"), serde_json::to_string(&secret).expect("JSON")];
    assert_eq!(shown, ["(secret)", "(secret)", "\"(secret)\""]);
    let mut settings = settings(&[("token", "hunter2")], &[("CODEXA_KEY", "hunter2")]);
    settings.secret("token").expect("read");
    settings.secret("key").expect("read");
    let table = settings.table();
    for text in [format!("{settings:?}"), format!("{table}"), format!("{table:?}")] {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn the_table_shows_what_was_read_and_where_it_comes_from() {
    let (_folder, path) = file("postgres://codexa:hunter2@db/codexa\n");
    let mut settings = settings(
        &[("listen", "127.0.0.1:7000")],
        &[("CODEXA_LOG", "info\u{1b}[2J"), ("CODEXA_DATABASE_URL_FILE", &path), ("CODEXA_UNREAD", "x")],
    );
    settings.or("listen", "127.0.0.1:1".parse::<SocketAddr>().expect("an address")).expect("read");
    settings.or("log", "warn".to_owned()).expect("read");
    settings.or("grace", 10).expect("read");
    settings.secret("database-url").expect("read");
    settings.optional::<String>("redis-url").expect("read");
    assert_eq!(
        settings.table().to_string().replace(&path, "FILE"),
        "database-url  (secret)        CODEXA_DATABASE_URL_FILE (FILE)\n\
         grace         10              built in\n\
         listen        127.0.0.1:7000  --listen\n\
         log           info\\u{1b}[2J   CODEXA_LOG\n\
         redis-url     -               -\n"
    );
    let json = serde_json::to_value(settings.table()).expect("JSON");
    assert_eq!(json[2], serde_json::json!({"name": "listen", "value": "127.0.0.1:7000", "origin": "--listen"}));
}

#[test]
fn a_slip_of_the_hand_is_named() {
    let mut settings = settings(
        &[],
        &[
            ("CODEXA_DATABSE_URL", "x"),
            ("CODEXA_DATABASE_URL_FLIE", "x"),
            ("CODEXA_LOGS", "x"),
            ("CODEXA_LOGIN", "too far from every name"),
            ("CODEXA_LISTEN", "127.0.0.1:1"),
            ("CODEXA_TOKEN", "of another role"),
            ("CODEXA_UPDATE_HELP", "1"),
            ("DATABSE_URL", "x"),
        ],
    );
    settings.optional::<String>("database-url").expect("read");
    settings.optional::<String>("listen").expect("read");
    settings.optional::<String>("log").expect("read");
    settings.optional::<String>("taken").expect("read");
    settings.known_elsewhere(["token"]);
    let slip = |variable: &str, meant: &str| Misspelt { variable: variable.to_owned(), meant: meant.to_owned() };
    let misspelt = settings.misspelt();
    assert_eq!(
        misspelt,
        [
            slip("CODEXA_DATABASE_URL_FLIE", "CODEXA_DATABASE_URL_FILE"),
            slip("CODEXA_DATABSE_URL", "CODEXA_DATABASE_URL"),
            slip("CODEXA_LOGS", "CODEXA_LOG"),
        ]
    );
    assert_eq!(misspelt[1].to_string(), "CODEXA_DATABSE_URL is no setting; did you mean CODEXA_DATABASE_URL?");
}
