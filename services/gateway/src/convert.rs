//! From the services' messages to the documents of the API. What is empty there is absent here.

use codexa_api::{Card, Change, Changed, Confirm, Covered, Entry, Event, EventKind, Hold, Job, JobState, Report, Vote};
use codexa_proto::v1;
use serde_json::Value;

pub(crate) fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn all<A, B>(list: Vec<A>, one: impl FnMut(A) -> B) -> Vec<B> {
    list.into_iter().map(one).collect()
}

pub(crate) fn change(change: v1::Change) -> Change {
    Change {
        id: change.id,
        title: change.title,
        state: change.state,
        requester: change.requester,
        opened_at: change.opened_at,
        hold: change.hold.map(hold),
        gates: all(change.gates, card),
    }
}

fn hold(hold: v1::Hold) -> Hold {
    Hold { person: hold.person, reason: hold.reason, at: hold.at, until: hold.until }
}

pub(crate) fn card(card: v1::Card) -> Card {
    Card {
        change: card.change,
        title: card.title,
        gate: card.gate,
        state: card.state,
        quorum: card.quorum,
        have: card.have,
        digest: card.digest,
        covers: all(card.covers, covered),
        base: given(card.base),
        votes: all(card.votes, vote),
        missing: card.missing,
        closes_at: card.closes_at,
        hold: card.hold.map(hold),
        as_of: card.as_of,
        obstacle: card.obstacle,
    }
}

fn covered(covered: v1::Covered) -> Covered {
    Covered { path: covered.path, sha256: covered.sha256, lines: covered.lines, unwritten: covered.unwritten }
}

fn vote(vote: v1::Vote) -> Vote {
    Vote {
        person: vote.person,
        role: vote.role,
        verdict: vote.verdict,
        digest: vote.digest,
        reason: vote.reason,
        at: vote.at,
        via: vote.via,
        own: vote.own,
        stale: vote.stale,
        since: all(vote.since, |since| Changed {
            path: since.path,
            added: since.added,
            removed: since.removed,
            lines: since.lines,
        }),
    }
}

pub(crate) fn confirm(confirm: v1::Confirm) -> Confirm {
    Confirm {
        digest: confirm.digest,
        nonce: confirm.nonce,
        expires_at: confirm.expires_at,
        covers: all(confirm.covers, covered),
        summary: confirm.summary,
    }
}

pub(crate) fn report(report: v1::Report) -> Report {
    let v1::Report { name, published, blockers, text, digest } = report;
    Report { name, published, blockers, text, digest }
}

pub(crate) fn entry(entry: v1::Entry) -> Entry {
    Entry { sequence: entry.sequence, hash: entry.hash }
}

pub(crate) fn job(job: v1::Job) -> Job {
    Job {
        id: job.id,
        kind: job.kind,
        state: match job.state.as_str() {
            "running" => JobState::Running,
            "done" => JobState::Done,
            "failed" => JobState::Failed,
            _ => JobState::Queued,
        },
        progress: job.progress,
        summary: job.summary,
        person: job.person,
        asked_at: job.asked_at,
        args: job.args.into_iter().collect(),
    }
}

pub(crate) fn event(event: v1::Event) -> Event {
    let kind = serde_json::from_value(Value::String(event.kind.clone())).unwrap_or(EventKind::Other(event.kind));
    Event {
        id: event.id,
        cursor: event.cursor,
        at: event.at,
        kind,
        change: given(event.change),
        gate: given(event.gate),
        job: given(event.job),
        says: event.says,
    }
}
