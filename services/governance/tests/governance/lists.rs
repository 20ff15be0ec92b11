//! Lists: pages that give everything once, and answers that stay small however much there is.

use crate::engine::Engine;
use crate::world::{PEOPLE, World, block_on};
use codexa_governance::Page;
use codexa_governance::store::rows::{ChangeRow, JobRow};
use codexa_proto::v1;
use codexa_testkit::postgres::Version;
use prost::Message as _;

/// Far below the 4 MiB at which gRPC refuses a message.
const LARGEST: usize = 1 << 20;

#[test]
fn pages_on_sqlite() {
    block_on(pages(Engine::sqlite()));
}

#[test]
fn pages_on_postgresql_15() {
    block_on(pages(Engine::postgres(Version::V15)));
}

#[test]
fn pages_on_postgresql_11() {
    block_on(pages(Engine::postgres(Version::V11)));
}

/// Whatever the size of a page, walking them gives every entry once, newest first.
async fn pages(engine: Engine) {
    let world = World::over(engine).await;
    fill(&world, 7).await;
    let changes: Vec<String> = (1..=7).rev().map(|number| format!("CH-{number:03}")).collect();
    // Two and two were asked for at the same time.
    let jobs = ["job-7", "job-6", "job-5", "job-4", "job-3", "job-2", "job-1"];
    for limit in [0, 1, 2, 3, 6, 7, 8, 100, u32::MAX] {
        assert_eq!(walked(&world, limit).await.concat(), changes, "changes by {limit}");
        assert_eq!(walked_jobs(&world, limit).await, jobs, "jobs by {limit}");
    }
    let sizes: Vec<usize> = walked(&world, 3).await.iter().map(Vec::len).collect();
    assert_eq!(sizes, [3, 3, 1], "no page is empty");
    for after in ["CH-999", "nobody's", "\0", &"x".repeat(1000)] {
        let page = Page { limit: 1, after: after.to_owned() };
        let ada = world.caller("ada");
        assert_eq!(world.governance.changes(&ada, &page).await.unwrap_err().code, "PAGE_UNKNOWN", "{after:?}");
        assert_eq!(world.governance.jobs(&ada, &page).await.unwrap_err().code, "PAGE_UNKNOWN", "{after:?}");
    }
}

#[test]
fn a_page_has_as_many_entries_as_fit_and_is_read_alone() {
    block_on(async {
        let world = World::new().await;
        fill(&world, 5).await;
        world.engine.sql(&format!("UPDATE changes SET title = '{}' WHERE number > 1", "x".repeat(400_000))).await;
        world.engine.sql(&format!("UPDATE changes SET title = '{}' WHERE number = 4", "x".repeat(1_500_000))).await;
        let sizes: Vec<usize> = walked(&world, 100).await.iter().map(Vec::len).collect();
        assert_eq!(sizes, [1, 1, 3], "what is larger than a page is one by itself");

        // What cannot be shown stops the page that it is on, and no other.
        world.engine.sql("UPDATE changes SET title = 'small'").await;
        world.say("ben", "approve design for CH-002").await.unwrap();
        world.engine.sql("UPDATE gates SET rule = 'none' WHERE change_id = 'CH-002'").await;
        let ada = world.caller("ada");
        let first = world.governance.changes(&ada, &Page { limit: 3, after: String::new() }).await.unwrap();
        assert_eq!(first.next, "CH-003");
        world.governance.changes(&ada, &Page { limit: 3, after: first.next }).await.unwrap_err();
        let last = world.governance.changes(&ada, &Page { limit: 3, after: "CH-002".to_owned() }).await.unwrap();
        assert_eq!(ids(&last), ["CH-001"]);
    });
}

#[test]
fn an_entry_of_a_list_leaves_out_reasons_and_the_lines_that_changed() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001: fine by me").await.unwrap();
        world.repository.write("changes/CH-001/plan.md", "# Another plan\n");
        let alone = world.card("design").await.votes.remove(0);
        assert_eq!((alone.reason.as_deref(), alone.stale, alone.since.len()), (Some("fine by me"), true, 1));
        let listed = world.governance.changes(&world.caller("ada"), &Page::default()).await.unwrap().changes;
        assert_eq!(listed[0].gates[0].votes, [v1::Vote { reason: None, since: Vec::new(), ..alone.clone() }]);
        let status = world.say("ada", "status").await.unwrap();
        assert_eq!(status.changes, listed, "an answer shows changes as a list does");
    });
}

#[test]
fn an_answer_that_shows_changes_shows_the_newest_and_says_how_many_there_are() {
    block_on(async {
        let world = World::new().await;
        fill(&world, 120).await;
        let status = world.say("ada", "status").await.unwrap();
        assert!(status.says.starts_with("120 changes, "), "{}", status.says);
        assert!(status.says.ends_with("Here are the 50 newest; `codexa change list` has them all."), "{}", status.says);
        assert_eq!((status.changes.len(), status.changes[0].id.as_str()), (50, "CH-120"));
        assert_eq!(status.lines.len(), 50);

        // Three gates of each stand against the report.
        let blocked = world.say("dan", "publish governance report").await.unwrap();
        assert_eq!(blocked.says, "The governance report is not published: 360 things block it.");
        let blockers = blocked.report.unwrap().blockers;
        assert_eq!((blockers.len(), blockers[100].as_str()), (101, "… and 260 more"));
        assert_eq!(blocked.lines.len(), 101);

        let context = world.governance.context(&world.caller("ada")).await.unwrap();
        assert_eq!((context.changes.len(), context.changes[0].as_str()), (100, "CH-120"));
    });
}

#[test]
fn a_report_that_is_long_is_cut_where_it_is_shown_and_its_digest_is_of_all() {
    block_on(async {
        let gates =
            "version: 1\ngates:\n  scope: {required: false}\n  design: {required: false}\n  test: {required: false}\n";
        let files = [(".codexa/rules/people.yaml", PEOPLE), (".codexa/rules/gates.yaml", gates)];
        let world = World::with(Engine::sqlite(), &files).await;
        fill(&world, 3).await;
        let short = world.say("dan", "publish governance report").await.unwrap().report.unwrap();
        assert!(short.text.contains("\n## CH-003: "), "{}", short.text);
        world.engine.sql(&format!("UPDATE changes SET title = '{}'", "x".repeat(600_000))).await;
        let long = world.say("dan", "publish governance report").await.unwrap().report.unwrap();
        assert!(long.text.len() < LARGEST && long.text.contains("\n## CH-001: "));
        let end = long.text.get(long.text.len() - 100..).unwrap();
        assert!(end.ends_with("2 more changes are in the report and not shown here; its digest is of all of them.\n"));
        world.engine.sql("UPDATE changes SET title = 'small' WHERE number = 3").await;
        let other = world.say("dan", "publish governance report").await.unwrap().report.unwrap();
        assert_ne!(other.digest, long.digest, "what is not shown counts as well");
    });
}

/// So many changes and jobs more, straight into the store.
async fn fill(world: &World, count: i64) {
    let mut tx = world.engine.open().await.unwrap().write().await.unwrap();
    for number in 1..=count {
        let change = ChangeRow {
            id: format!("CH-{number:03}"),
            number,
            title: "cap the parser depth".to_owned(),
            requester: "ada".to_owned(),
            opened_at: 1,
            held_by: None,
            held_reason: None,
            held_at: None,
            held_until: None,
        };
        tx.put_change(&change).await.unwrap();
        let job = JobRow {
            id: format!("job-{number}"),
            kind: "discover".to_owned(),
            args: "{}".to_owned(),
            state: "done".to_owned(),
            progress: String::new(),
            summary: String::new(),
            person: "ada".to_owned(),
            asked_at: number / 2,
        };
        tx.put_job(&job).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn ids(list: &v1::ChangeList) -> Vec<String> {
    list.changes.iter().map(|change| change.id.clone()).collect()
}

/// The ids of every page of changes.
async fn walked(world: &World, limit: u32) -> Vec<Vec<String>> {
    let (mut pages, mut page) = (Vec::new(), Page { limit, after: String::new() });
    loop {
        let list = world.governance.changes(&world.caller("ada"), &page).await.unwrap();
        assert!(list.changes.len() == 1 || list.encoded_len() <= LARGEST + 100, "{} bytes", list.encoded_len());
        pages.push(ids(&list));
        if list.next.is_empty() {
            return pages;
        }
        page.after = list.next;
    }
}

/// The ids of the jobs of every page.
async fn walked_jobs(world: &World, limit: u32) -> Vec<String> {
    let (mut jobs, mut page) = (Vec::new(), Page { limit, after: String::new() });
    loop {
        let list = world.governance.jobs(&world.caller("ada"), &page).await.unwrap();
        jobs.extend(list.jobs.into_iter().map(|job| job.id));
        if list.next.is_empty() {
            return jobs;
        }
        page.after = list.next;
    }
}
