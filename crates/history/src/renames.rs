//! Renames within one commit, from names and ids alone.

use crate::read::Raw;
use gix::ObjectId;
use rustc_hash::FxHashMap;

/// For each change that is an arrival, the departure that it is the same file as. Files with the same content are; of what is left, a file of
/// the same name that left one folder and came to another, where only one left and one came: moving a file
/// mostly changes its imports too. No content is compared.
pub(crate) fn pairs(changes: &[Raw]) -> Vec<Option<usize>> {
    let mut origin = vec![None; changes.len()];
    let gone: Vec<usize> = positions(changes, |raw| matches!(raw, Raw { old: Some(_), new: None, .. }));
    let came: Vec<usize> = positions(changes, |raw| matches!(raw, Raw { old: None, new: Some(_), .. }));
    if gone.is_empty() || came.is_empty() {
        return origin;
    }
    let mut is_left = vec![true; changes.len()];
    by_content(changes, &gone, &came, &mut origin, &mut is_left);
    by_name(changes, &gone, &came, &mut origin, &is_left);
    origin
}

fn positions(changes: &[Raw], is_one: impl Fn(&Raw) -> bool) -> Vec<usize> {
    changes.iter().enumerate().filter(|(_, raw)| is_one(raw)).map(|(at, _)| at).collect()
}

fn by_content(changes: &[Raw], gone: &[usize], came: &[usize], origin: &mut [Option<usize>], is_left: &mut [bool]) {
    let mut by_id: FxHashMap<ObjectId, Vec<usize>> = FxHashMap::default();
    for &at in gone {
        if let Some(id) = changes.get(at).and_then(|raw| raw.old) {
            by_id.entry(id).or_default().push(at);
        }
    }
    for &at in came {
        let Some(raw) = changes.get(at) else { continue };
        let Some(same) = raw.new.and_then(|id| by_id.get_mut(&id)) else { continue };
        // Empty files and licences lie everywhere: of several with the same content the one of the same name.
        let named = same.iter().position(|&from| changes.get(from).is_some_and(|from| name(from) == name(raw)));
        if same.is_empty() {
            continue;
        }
        let from = same.remove(named.unwrap_or(0));
        for (place, value) in [(at, Some(from)), (from, None)] {
            if let Some(left) = is_left.get_mut(place) {
                *left = false;
            }
            if let (Some(origin), Some(from)) = (origin.get_mut(place), value) {
                *origin = Some(from);
            }
        }
    }
}

fn by_name(changes: &[Raw], gone: &[usize], came: &[usize], origin: &mut [Option<usize>], is_left: &[bool]) {
    let left = |places: &[usize]| {
        let mut by_name: FxHashMap<Vec<u8>, Vec<usize>> = FxHashMap::default();
        for &at in places.iter().filter(|&&at| is_left.get(at).copied().unwrap_or(false)) {
            if let Some(raw) = changes.get(at) {
                by_name.entry(name(raw).to_vec()).or_default().push(at);
            }
        }
        by_name
    };
    let gone = left(gone);
    for (name, came) in left(came) {
        if let ([at], Some([from])) = (&*came, gone.get(&name).map(Vec::as_slice))
            && let Some(origin) = origin.get_mut(*at)
        {
            *origin = Some(*from);
        }
    }
}

/// The last part of the path.
fn name(raw: &Raw) -> &[u8] {
    raw.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}
