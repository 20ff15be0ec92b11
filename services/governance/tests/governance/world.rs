//! A project with people and rules on its protected branch, and governance over it: what most tests begin with.

use crate::engine::{Engine, PROJECT};
use codexa_config::settings::Maturity;
use codexa_directive::{Context, Directive, interpret};
use codexa_governance::identity::TokenKind;
use codexa_governance::refusal::Refusal;
use codexa_governance::rules::Reading;
use codexa_governance::store::Store;
use codexa_governance::store::rows::LeafRow;
use codexa_governance::{Governance, Order};
use codexa_ledger::Stored;
use codexa_project::Project;
use codexa_proto::v1::{self, Answer, Caller};
use codexa_testkit::GitRepository;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Five people, of whom `ada` asks for the changes.
pub const PEOPLE: &str = "version: 1
people:
  - {id: ada, roles: [RA, GO]}
  - {id: ben, roles: [PM]}
  - {id: cat, roles: [GO, HR]}
  - {id: dan, roles: [GO]}
  - {id: eve, roles: [QA]}
";

pub struct World {
    pub engine: Engine,
    pub repository: GitRepository,
    pub governance: Governance,
    keys: AtomicU64,
}

impl World {
    /// Five people at M1, where the design gate asks for two of them.
    pub async fn new() -> Self {
        Self::over(Engine::sqlite()).await
    }

    pub async fn over(engine: Engine) -> Self {
        Self::with(engine, &[(".codexa/rules/people.yaml", PEOPLE), (".codexa/config.yaml", "maturity: M1\n")]).await
    }

    /// A project with these files on `main`, and a token for everyone who is in them.
    pub async fn with(engine: Engine, files: &[(&str, &str)]) -> Self {
        let mut all = vec![("README.md", "# Project\n")];
        all.extend_from_slice(files);
        let repository = GitRepository::with_files(&all);
        let governance = governance(&engine, &repository).await;
        Self { engine, repository, governance, keys: AtomicU64::new(0) }
    }

    /// With CH-001, which `ada` opened, and its files.
    pub async fn with_change() -> Self {
        let world = Self::new().await;
        world.open_change().await;
        world
    }

    /// `ada` opens a change and writes its files: its id.
    pub async fn open_change(&self) -> String {
        let opened = self.say("ada", "open change: cap the parser depth").await.unwrap();
        let id = opened.change.unwrap().id;
        self.repository.write(&format!("changes/{id}/spec.md"), "# Spec\n\nDepth is capped.\n");
        self.repository.write(&format!("changes/{id}/plan.md"), "# Plan\n\n1. Count.\n2. Stop.\n");
        id
    }

    /// Another governance over the same store and project, as another process has it.
    pub async fn another(&self) -> Governance {
        governance(&self.engine, &self.repository).await
    }

    pub fn token(&self, person: &str) -> String {
        format!("cdx_of_{person}")
    }

    /// A person at a terminal.
    pub fn caller(&self, person: &str) -> Caller {
        let channel = v1::Channel { kind: "terminal".to_owned(), ..v1::Channel::default() };
        Caller { token: self.token(person), account: None, channel: Some(channel) }
    }

    /// An order with a key of its own.
    pub fn order(&self, person: &str, words: &str) -> Order {
        self.order_of(self.caller(person), words)
    }

    pub fn order_of(&self, caller: Caller, words: &str) -> Order {
        Order {
            caller,
            directive: Some(directive(words)),
            key: self.key(),
            fingerprint: words.to_owned(),
            ..Order::default()
        }
    }

    /// What confirms an answer, with a key of its own.
    pub fn confirmation(&self, caller: Caller, answer: &Answer) -> Order {
        let nonce =
            answer.confirm.as_ref().unwrap_or_else(|| panic!("nothing to confirm: {}", answer.says)).nonce.clone();
        Order {
            caller,
            key: self.key(),
            fingerprint: "a confirmation".to_owned(),
            nonce: Some(nonce),
            ..Order::default()
        }
    }

    pub fn key(&self) -> String {
        format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed))
    }

    /// A person says something.
    pub async fn say(&self, person: &str, words: &str) -> Result<Answer, Refusal> {
        self.governance.execute(self.order(person, words)).await
    }

    /// A person says something, sees what has to be confirmed, and confirms it.
    pub async fn decide(&self, person: &str, words: &str) -> Result<Answer, Refusal> {
        let asked = self.say(person, words).await?;
        self.governance.execute(self.confirmation(self.caller(person), &asked)).await
    }

    /// A person tries something that may be refused; whether it was done.
    pub async fn try_to(&self, person: &str, words: &str) -> bool {
        let Ok(asked) = self.say(person, words).await else { return false };
        if asked.confirm.is_none() {
            return false;
        }
        self.governance.execute(self.confirmation(self.caller(person), &asked)).await.unwrap();
        true
    }

    /// A person accepts what the protected branch proposes.
    pub async fn accept(&self, person: &str) -> Result<v1::Entry, Refusal> {
        let proposal = self.governance.proposal(None).await?;
        self.governance.accept(&self.token(person), None, &proposal.after.digest).await
    }

    /// A gate of CH-001 now.
    pub async fn card(&self, gate: &str) -> v1::Card {
        let change = self.governance.change(&self.caller("ada"), "CH-001").await.unwrap();
        change.gates.into_iter().find(|card| card.gate == gate).unwrap_or_else(|| panic!("{gate} is not open"))
    }

    /// All events.
    pub async fn events(&self) -> Vec<v1::Event> {
        let mut events: Vec<v1::Event> = Vec::new();
        loop {
            let after = events.last().map_or_else(|| "0".to_owned(), |event| event.cursor.clone());
            let some = self.governance.events(&self.caller("ada"), &after, 7).await.unwrap();
            if some.events.is_empty() {
                assert_eq!(some.newest, after, "the newest event is the last that is listed");
                return events;
            }
            events.extend(some.events);
        }
    }

    /// Checks the ledger from its first entry: its length.
    pub async fn check(&self) -> Result<u64, codexa_ledger::Broken> {
        let mut read = self.engine.open().await.unwrap().read().await.unwrap();
        let ledger = read.ledger().await.unwrap();
        let leaves = read.leaves(0, i64::MAX).await.unwrap();
        assert_eq!(i64::try_from(leaves.len()).unwrap(), ledger.size, "the ledger is as long as it says");
        let stored = |leaf: LeafRow| Stored { seq: u64::try_from(leaf.seq).unwrap(), text: leaf.leaf, hash: leaf.hash };
        codexa_ledger::check(&ledger.ledger, leaves.into_iter().map(stored))
    }

    /// The acts of the ledger, once all of it and all events are checked. The pin of the branch, with which every ledger
    /// begins, is left out.
    pub async fn acts(&self) -> Vec<String> {
        self.check().await.unwrap();
        let mut read = self.engine.open().await.unwrap().read().await.unwrap();
        let (leaves, count) = (read.leaves(0, i64::MAX).await.unwrap(), read.ledger().await.unwrap().events);
        drop(read);
        let events = self.events().await;
        assert!(events.iter().map(|event| event.id).eq(1..=count), "events are numbered without a gap");
        assert!(events.is_sorted_by_key(|event| event.at), "events are in order");
        let mut acts: Vec<String> = leaves.into_iter().map(|leaf| leaf.act).collect();
        if !acts.is_empty() {
            assert_eq!(acts.remove(0), "rules.branch");
        }
        acts
    }

    /// The rows that tell of what was done: nothing that fails may add to any of them.
    pub async fn traces(&self) -> Vec<usize> {
        let mut traces = Vec::new();
        for table in [
            "leaves", "rules", "outbox", "changes", "gates", "votes", "subjects", "nonces", "requests", "jobs",
            "accounts",
        ] {
            traces.push(self.engine.count(table).await);
        }
        traces
    }
}

/// Words of the language, as a directive.
pub fn directive(words: &str) -> Directive {
    let changes = words.split(' ').filter(|word| word.starts_with("CH-")).map(str::to_owned).collect();
    let context = Context { changes, ..Context::at("2026-11-26T12:00:00Z".parse().unwrap()) };
    let read = interpret(words, &context);
    read.directive.unwrap_or_else(|| panic!("{words}: {:?} {:?}", read.reason, read.question))
}

async fn governance(engine: &Engine, repository: &GitRepository) -> Governance {
    governance_over(engine.open().await.unwrap(), repository.path())
}

/// Governance over a store and a project; everyone's token is one of its configuration.
pub fn governance_over(store: Arc<dyn Store>, project: &Path) -> Governance {
    let reading = Reading { branch: None, maturity: Maturity::M0, operator: "sole".to_owned() };
    let governance = Governance::new(store, Project::open(project).unwrap(), PROJECT.to_owned(), reading);
    for person in ["ada", "ben", "cat", "dan", "eve", "sole"] {
        governance.know(TokenKind::Person, person, &format!("cdx_of_{person}"));
    }
    governance
}

/// The code of a refusal.
pub fn code(refused: Result<Answer, Refusal>) -> &'static str {
    match refused {
        Ok(answer) => panic!("it was done: {}", answer.says),
        Err(refusal) => refusal.code,
    }
}

/// Work of a test, over a runtime of its own.
pub fn block_on<F: Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}
