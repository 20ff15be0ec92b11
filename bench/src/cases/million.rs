//! A million files: peak memory of deep discovery.

use crate::Compare;
use crate::error::Error;
use crate::memory;
use crate::subjects::Subjects;
use crate::table::Row;

/// Most memory that discovery may hold, in bytes.
const MEMORY: u64 = 2 << 30;

pub(super) fn rows(subjects: &Subjects<'_>, _: &Compare) -> Result<Vec<Row>, Error> {
    let project = subjects.million()?;
    let peak = memory::peak(&mut subjects.discover(&project, "deep"))?;
    Ok(vec![Row::bytes("deep, cold: a million files, peak memory".to_owned(), peak, MEMORY)])
}
