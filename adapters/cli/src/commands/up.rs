//! `codexa up`: everything in one process, in the foreground.

use super::serve::{lines, log, obey};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{House, Site, bind, location, run_async};
use crate::output::{Page, Report, Ui};
use clap::Args;
use codexa_chassis::settings::{Settings, Sources};
use codexa_chassis::shutdown::Shutdown;
use codexa_discovery::projections::quoted;
use codexa_gateway::serve::Listen;
use codexa_governance::Governance;
use codexa_governance::identity::{Principal, TokenKind};
use codexa_proto::v1::Caller;
use serde::Serialize;
use std::convert::Infallible;
use std::path::Path;
use tokio::net::UnixListener;

/// Where to be reached.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Where to listen: HOST:PORT; port 0 takes any that is free [default: 127.0.0.1:7411]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// When it is ready, print three lines of curl to begin with
    #[arg(long)]
    examples: bool,
}

#[derive(Serialize)]
struct Ready {
    url: String,
    /// Chat platforms that it is connected to.
    chats: Vec<&'static str>,
    project: String,
    /// Who the token is; nobody where the project has several people.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    token_file: String,
    socket: String,
    /// Lines for a shell, to begin with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<String>,
}

impl Report for Ready {
    const NAME: &'static str = "up";

    fn page(&self, page: &mut Page) {
        let who = self.person.as_ref().map(|person| format!("  @{person}")).unwrap_or_default();
        page.line(&format!("ready  {}  project {}{who}  token in {}", self.url, self.project, self.token_file));
        if self.person.is_none() {
            page.line("that token only looks on; who decides has one of their own: codexa token new --person ID");
        }
        if !self.examples.is_empty() {
            page.blank();
            page.line("A change, what its design gate would approve, and the vote: three lines for another shell.");
        }
        for example in &self.examples {
            page.blank();
            page.line(example);
        }
    }
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let flags = arguments.listen.iter().map(|address| ("listen".to_owned(), address.clone()));
    let mut settings = Settings::new(Sources::of_process(flags));
    log(lines(&mut settings)?)?;
    run_async(async {
        let site = Site::of(globals)?;
        let shutdown = Shutdown::new();
        obey(&shutdown)?;
        let operator = site.data.secret("operator")?;
        let address = settings.or("listen", "127.0.0.1:7411".to_owned())?;
        let _hold = site.data.hold()?;
        let unix = socket(&site.data.socket())?;
        let tcp = bind(&address).await?;
        let bound = tcp.local_addr().map_err(|error| Failure::unexpected("LISTEN", error.to_string()))?;
        let mut house = House::build(&site, location(&mut settings, &site)?, shutdown).await?;
        house.governance.know(TokenKind::Operator, "operator", operator.expose());
        let person = person(&house.governance, operator.expose()).await;
        let gateway = house.gateway.clone();
        house.with("gateway", async move {
            codexa_gateway::serve::serve(gateway, Listen { tcp, unix: Some(unix) }).await;
            Ok::<_, Infallible>(())
        });
        let url = format!("http://{bound}");
        let chats = house.with_chats(&site, &mut settings, &url).await?;
        let token_file = site.data.secret_file("operator");
        ui.answer(&Ready {
            examples: if arguments.examples && person.is_some() { examples(&url, &token_file) } else { Vec::new() },
            url,
            chats,
            project: site.project.root().display().to_string(),
            person,
            token_file: token_file.display().to_string(),
            socket: site.data.socket().display().to_string(),
        })?;
        let ended = house.ended().await;
        // What is left of the socket would only mislead.
        let _ = std::fs::remove_file(site.data.socket());
        ended
    })?;
    Ok(Exit::Well)
}

/// The person that the operator's token stands for.
async fn person(governance: &Governance, token: &str) -> Option<String> {
    let caller = Caller { token: token.to_owned(), ..Caller::default() };
    match governance.identify(&caller).await {
        Ok(Principal::Person(person)) => Some(person.id),
        _ => None,
    }
}

/// The story in three lines of curl; each prints its answer and keeps what the next one needs.
fn examples(url: &str, token_file: &Path) -> Vec<String> {
    let token = quoted(&token_file.display().to_string());
    let post = |path: &str, body: &str| {
        format!(
            "curl -sS {url}{path} -H \"Authorization: Bearer $(cat {token})\" -H \"Idempotency-Key: $(date +%s%N)\" \
             -H 'Content-Type: application/json' -d \"{body}\" | tee /dev/stderr"
        )
    };
    let kept = |variable: &str, line: String, field: &str, shape: &str| {
        format!("{variable}=$({line} | sed -n 's/.*\"{field}\":\"\\({shape}\\)\".*/\\1/p'); echo")
    };
    let open = post("/v1/changes", r#"{\"title\":\"my first change\"}"#);
    let ask = post("/v1/directives", r#"{\"words\":\"approve design for $CHANGE\"}"#);
    let confirm = post("/v1/directives", r#"{\"confirm\":\"$NONCE\"}"#);
    vec![
        kept("CHANGE", open, "id", "CH-[0-9]*"),
        kept("NONCE", ask, "nonce", "[0-9a-f]*"),
        format!("{} > /dev/null; echo", confirm),
    ]
}

/// The socket for this machine's commands. What is there was left by a house that was killed.
fn socket(path: &Path) -> Result<UnixListener, Failure> {
    let failed = |error: std::io::Error| Failure::blocked("LISTEN", format!("{}: {error}", path.display()));
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    UnixListener::bind(path).map_err(failed)
}
