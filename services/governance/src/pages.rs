//! How much an answer carries that could grow without end. A page of a list names where the next one begins; an answer that
//! shows changes beside something else carries the newest and says how many there are.

use crate::bounds;
use crate::card::Desk;
use crate::refusal::Refusal;
use crate::store::Transaction;
use crate::store::rows::ChangeRow;
use codexa_proto::v1;
use prost::Message as _;

/// Entries of a page where nobody says how many, and of an answer that shows changes beside something else.
pub(crate) const USUAL: u32 = 50;

/// Most entries of a page.
pub(crate) const MOST: u32 = 100;

/// Longest page and longest report of an answer, in bytes: far from the 4 MiB at which gRPC refuses a message.
const LARGEST: usize = 1 << 20;

/// Which page of a list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many entries at most; 0 is the usual number.
    pub limit: u32,
    /// The id of the last entry of the page before; empty for the first page.
    pub after: String,
}

impl Page {
    /// How many entries it has at most.
    pub(crate) fn size(&self) -> usize {
        let size = if self.limit == 0 { USUAL } else { self.limit.min(MOST) };
        size as usize
    }

    /// How many rows to read for it: the one behind it tells that there is another page.
    pub(crate) fn rows(&self) -> i64 {
        i64::try_from(self.size()).unwrap_or_default() + 1
    }

    /// The number below which its changes are.
    pub(crate) async fn below(&self, tx: &mut dyn Transaction) -> Result<i64, Refusal> {
        if self.after.is_empty() {
            return Ok(i64::MAX);
        }
        let last = if bounds::is_id(&self.after) { tx.change(&self.after).await? } else { None };
        last.map(|change| change.number).ok_or_else(|| self.unknown())
    }

    /// When the job was asked for behind which its jobs are, and its id.
    pub(crate) async fn behind(&self, tx: &mut dyn Transaction) -> Result<(i64, String), Refusal> {
        if self.after.is_empty() {
            return Ok((i64::MAX, String::new()));
        }
        let last = if bounds::is_id(&self.after) { tx.job(&self.after).await? } else { None };
        last.map(|job| (job.asked_at, job.id)).ok_or_else(|| self.unknown())
    }

    fn unknown(&self) -> Refusal {
        let message = format!("no page is behind {:?}: the list has no such entry", self.after);
        Refusal::invalid("PAGE_UNKNOWN", message, "`after` is the `next` of an earlier page; leave it out to begin")
    }
}

/// As many of these changes as an answer carries: the first of them, and no more than fit.
pub(crate) async fn changes(
    desk: &Desk<'_>,
    tx: &mut dyn Transaction,
    rows: &[ChangeRow],
) -> Result<Vec<v1::Change>, Refusal> {
    let desk = Desk { compares: false, ..*desk };
    let (mut changes, mut bytes) = (Vec::new(), 0);
    for row in rows {
        let change = entry(desk.change(tx, row).await?);
        bytes += change.encoded_len();
        if bytes > LARGEST && !changes.is_empty() {
            break;
        }
        changes.push(change);
    }
    Ok(changes)
}

/// A change as lists show it: without the reasons of votes, which whoever asks for the change alone is told, like the lines that
/// changed since.
fn entry(mut change: v1::Change) -> v1::Change {
    for vote in change.gates.iter_mut().flat_map(|card| &mut card.votes) {
        vote.reason = None;
    }
    change
}

/// As many of these lines as an answer carries, and how many more there are.
pub(crate) fn lines(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(MOST as usize);
    if more > 0 {
        lines.truncate(MOST as usize);
        lines.push(format!("… and {more} more"));
    }
    lines
}

/// As many of a report's sections as an answer carries, and how many more there are. Its digest is of all of them.
pub(crate) fn sections(report: &str) -> String {
    const BEGINS: &str = "\n## ";
    if report.len() <= LARGEST {
        return report.to_owned();
    }
    let fits = report.get(..report.floor_char_boundary(LARGEST)).unwrap_or_default();
    let shown = fits.rfind(BEGINS).and_then(|end| fits.get(..end)).unwrap_or_default();
    let more = report.matches(BEGINS).count() - shown.matches(BEGINS).count();
    format!("{shown}\n{more} more changes are in the report and not shown here; its digest is of all of them.\n")
}
