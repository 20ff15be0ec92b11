//! `codexa say`: words to a directive, carried out, or only read.

mod dry;
mod job;

use super::ask::{agreed, can_ask, is_terminal};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{Reached, Remote, reach, run_async};
use crate::output::{Page, Report, Ui, decisions};
use clap::Args;
use codexa_api::{Answer, DirectiveRequest, JobState};
use codexa_directive::Outcome;
use jiff::Timestamp;
use serde::Serialize;

/// A message to Codexa.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The message, as one would write it in chat
    #[arg(value_name = "WORDS", required_unless_present = "confirm")]
    words: Vec<String>,
    /// Tell what the words are read as, and do nothing
    #[arg(long, conflicts_with_all = ["confirm", "remote"])]
    dry_run: bool,
    /// When the message was said: a date or an RFC 3339 time [default: now]
    #[arg(long, value_name = "TIME", value_parser = dry::moment, requires = "dry_run")]
    at: Option<Timestamp>,
    /// Confirm what an earlier answer asked: its nonce; or with WORDS, the digest of what they decide about
    #[arg(long, value_name = "NONCE|DIGEST")]
    confirm: Option<String>,
    /// Do not wait for work that takes long
    #[arg(long)]
    no_wait: bool,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Said(Answer);

impl Report for Said {
    const NAME: &'static str = "say";

    fn page(&self, page: &mut Page) {
        let answer = &self.0;
        if answer.said.outcome != Outcome::Directive {
            return dry::unsaid(page, &answer.said, "");
        }
        let now = Timestamp::now().as_millisecond();
        match (&answer.card, &answer.change) {
            (Some(card), _) => decisions::card(page, card, now),
            (None, Some(change)) => decisions::change(page, change),
            (None, None) => page.heading(answer.said.canonical.as_deref().unwrap_or_default(), "", ""),
        }
        page.blank();
        if !answer.says.is_empty() {
            decisions::sentence(page, &answer.says);
        }
        if answer.card.is_none() && answer.change.is_none() && !answer.lines.is_empty() {
            page.blank();
            answer.lines.iter().for_each(|line| page.line(&format!("  {line}")));
        }
        if let Some(job) = &answer.job {
            let ended = if job.summary.is_empty() { &job.progress } else { &job.summary };
            let state = format!("{:?}", job.state).to_lowercase();
            page.rows(&[["job".to_owned(), job.id.clone()], [state, ended.clone()]]);
        }
        if let Some(report) = answer.report.as_ref().filter(|report| !report.text.is_empty()) {
            page.blank();
            report.text.lines().for_each(|line| page.line(&format!("  {line}")));
        }
        if let Some(confirm) = &answer.confirm {
            decisions::confirm(page, confirm, answer.said.canonical.as_deref().unwrap_or_default());
        }
    }
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    if arguments.dry_run {
        return dry::run(&arguments.words, arguments.at, ui);
    }
    let answer = run_async(async {
        let mut reached = reach(&arguments.remote, globals).await?;
        let answered = answered(arguments, &mut reached, ui).await;
        reached.leave().await;
        answered
    })?;
    let exit = exit(&answer);
    ui.answer(&Said(answer))?;
    Ok(exit)
}

async fn answered(arguments: &Arguments, reached: &mut Reached, ui: &Ui) -> Result<Answer, Failure> {
    let mut answer = send(reached, &request(arguments)?).await?;
    if let Some(confirm) = answer.confirm.clone().filter(|_| can_ask(ui)) {
        ui.aside(&Said(Answer { confirm: None, says: String::new(), ..answer.clone() }));
        if !agreed(&confirm.summary)? {
            return Ok(answer);
        }
        let request = DirectiveRequest { confirm: Some(confirm.nonce), ..Default::default() };
        answer = send(reached, &request).await?;
    }
    if let Some(job) = answer.job.take() {
        answer.job = Some(match arguments.no_wait {
            false => reached.see_through(async |client| job::followed(job, client).await).await?,
            true => {
                if job.state == JobState::Queued && !reached.is_staffed() {
                    ui.remark("nothing runs here that would do it: it waits for `codexa up`");
                }
                job
            }
        });
    }
    Ok(answer)
}

/// What is asked for. A nonce needs a person at a terminal; whoever has none shows that they know what is decided about, by its
/// digest.
fn request(arguments: &Arguments) -> Result<DirectiveRequest, Failure> {
    let words = arguments.words.join(" ");
    let mut request = DirectiveRequest { words, ..DirectiveRequest::default() };
    match arguments.confirm.clone() {
        Some(digest) if digest.starts_with("sha256:") => request.digest = Some(digest),
        Some(_) if !is_terminal() => {
            let message = "a nonce is confirmed by a person at a terminal, and this is none";
            return Err(Failure::blocked("CONFIRM_TERMINAL", message)
                .with_help("name the digest: `codexa say --confirm sha256:… WORDS`"));
        }
        nonce => request.confirm = nonce,
    }
    Ok(request)
}

/// Sends a request; after a failure that may pass, the same once more.
async fn send(reached: &Reached, request: &DirectiveRequest) -> Result<Answer, Failure> {
    let key = uuid::Uuid::new_v4().to_string();
    match reached.client.directive(request, &key).await {
        Err(error) if error.is_temporary() => Ok(reached.client.directive(request, &key).await?),
        answer => Ok(answer?),
    }
}

fn exit(answer: &Answer) -> Exit {
    let blocked = answer.report.as_ref().is_some_and(|report| !report.blockers.is_empty());
    let failed = answer.job.as_ref().is_some_and(|job| job.state == JobState::Failed);
    match answer.said.outcome {
        Outcome::Directive if blocked || failed => Exit::Blocked,
        Outcome::Directive if answer.confirm.is_some() => Exit::Findings,
        Outcome::Directive => Exit::Well,
        Outcome::Clarify | Outcome::Refused | Outcome::None => Exit::Blocked,
    }
}
