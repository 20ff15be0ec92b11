//! Reading values out of TOML manifests by their path.

use toml::{Table, Value};

/// A manifest as a table; `None` where it is not TOML.
pub(crate) fn parse(bytes: &[u8]) -> Option<Table> {
    std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').parse().ok()
}

/// The value at a path of keys.
pub(crate) fn at<'t>(table: &'t Table, path: &[&str]) -> Option<&'t Value> {
    let (last, tables) = path.split_last()?;
    tables.iter().try_fold(table, |table, key| table.get(*key)?.as_table())?.get(*last)
}

/// The table at a path of keys.
pub(crate) fn table<'t>(table: &'t Table, path: &[&str]) -> Option<&'t Table> {
    at(table, path)?.as_table()
}

/// The string at a path of keys.
pub(crate) fn string<'t>(table: &'t Table, path: &[&str]) -> Option<&'t str> {
    at(table, path)?.as_str()
}

/// The strings of the array at a path of keys (a lone string counts as one); empty where there is none.
pub(crate) fn strings<'t>(table: &'t Table, path: &[&str]) -> Vec<&'t str> {
    match at(table, path) {
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(value)) => vec![value],
        _ => Vec::new(),
    }
}
