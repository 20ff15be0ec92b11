//! What a file uses of the packages it imports, where uses are written with the package's name (Go).

use codexa_model::facts::Import;
use codexa_model::go;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Gives each import the exported names that are used of it.
pub(crate) fn give(imports: &mut [Import], qualified: &FxHashSet<(&str, &str)>) {
    if qualified.is_empty() {
        return;
    }
    // Sorted: by package, then by name.
    let used: BTreeSet<(&str, &str)> =
        qualified.iter().copied().filter(|(_, name)| name.starts_with(char::is_uppercase)).collect();
    for import in imports.iter_mut().filter(|import| !import.wildcard) {
        let names = import.alias.as_deref().map_or_else(|| go::package_names(&import.target), |alias| vec![alias]);
        let members = |package: &str| {
            let of_package = used.range((package, "")..).take_while(|(known, _)| *known == package);
            of_package.map(|(_, name)| Box::from(*name)).collect::<Vec<_>>()
        };
        import.members = names.into_iter().map(members).find(|found| !found.is_empty()).unwrap_or_default();
    }
}
