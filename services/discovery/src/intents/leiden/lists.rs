//! Lists by number. A number that is none of a list's is as if nothing stood there.

pub(super) fn get<T: Copy + Default>(list: &[T], at: u32) -> T {
    list.get(at as usize).copied().unwrap_or_default()
}

pub(super) fn set<T>(list: &mut [T], at: u32, value: T) {
    if let Some(slot) = list.get_mut(at as usize) {
        *slot = value;
    }
}

/// What was put there first.
pub(super) fn first(list: &mut [u32], at: u32, value: u32) -> u32 {
    list.get_mut(at as usize).map_or(value, |slot| {
        *slot = if *slot == u32::MAX { value } else { *slot };
        *slot
    })
}

pub(super) fn add(sums: &mut [f64], at: u32, value: f64) {
    if let Some(sum) = sums.get_mut(at as usize) {
        *sum += value;
    }
}

/// The size after a change by one.
pub(super) fn resize(sizes: &mut [u32], at: u32, by: i32) -> u32 {
    sizes.get_mut(at as usize).map_or(0, |size| {
        *size = size.saturating_add_signed(by);
        *size
    })
}

/// Makes of each number the sum of all up to it.
pub(super) fn add_up(counts: &mut [u32]) {
    let mut sum = 0;
    for count in counts {
        sum += *count;
        *count = sum;
    }
}

/// The part of a list between two bounds.
pub(super) fn part<'a, T>(list: &'a [T], bounds: &[u32]) -> &'a [T] {
    let &[from, to] = bounds else { return &[] };
    list.get(from as usize..to as usize).unwrap_or_default()
}
