//! The page that keeps the last table.

use crate::error::{Error, at};
use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";

/// Puts `text` between the page's markers.
pub(crate) fn write(page: &Path, text: &str) -> Result<(), Error> {
    let old = fs::read_to_string(page).map_err(at(page))?;
    let missing = |marker| Error::Marker { path: page.to_owned(), marker };
    let (head, rest) = old.split_once(BEGIN).ok_or_else(|| missing(BEGIN))?;
    let (_, tail) = rest.split_once(END).ok_or_else(|| missing(END))?;
    fs::write(page, format!("{head}{BEGIN}\n{text}{END}{tail}")).map_err(at(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_marked_part_changes() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page.md");
        fs::write(&page, format!("# A\n{BEGIN}\nold\n{END}\ntail\n")).unwrap();
        write(&page, "new\n").unwrap();
        write(&page, "newer\n").unwrap();
        assert_eq!(fs::read_to_string(&page).unwrap(), format!("# A\n{BEGIN}\nnewer\n{END}\ntail\n"));
    }
}
