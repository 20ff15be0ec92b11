//! The commands, one file each. To add one: a file, a line in each list below, and what `docs/adding-a-command.md` says.

mod account;
mod ask;
mod change;
mod control_plane;
mod diff;
pub(crate) mod discover;
mod doctor;
mod explain;
mod followup;
mod here;
mod impact;
mod init;
mod link;
mod map;
mod metrics;
mod rules;
mod say;
mod schema;
mod serve;
mod show;
mod status;
pub(crate) mod stored;
mod suggest_change_zones;
mod summarize;
mod token;
mod up;
pub(crate) mod worker;

use crate::Outcome;
use crate::cli::Globals;
use crate::output::Ui;
use clap::Subcommand;

/// Every command, in the order of help.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a `.codexa/` in a directory; overwrites nothing
    Init(init::Arguments),
    /// Check the environment and the settings
    Doctor(doctor::Arguments),
    /// Read the repository and write its model into `.codexa/manifests/`
    Discover(discover::Arguments),
    /// Tell how well the repository is understood
    Status(status::Arguments),
    /// Show parts of the model
    #[command(subcommand)]
    Show(show::What),
    /// Tell all that is known of one thing, by its id
    Explain(explain::Arguments),
    /// Tell what changed since an earlier iteration: parts, edges, circles, coverage, zones
    Diff(diff::Arguments),
    /// List what a person must say: the questions that discovery could not answer
    Followups(followup::list::Arguments),
    /// Answer, put off or hand on a question
    #[command(subcommand)]
    Followup(followup::Command),
    /// Sum up the system, or what words are about in it
    Summarize(summarize::Arguments),
    /// Suggest where to begin: parts worth changing, those that are ready first
    SuggestChangeZones(suggest_change_zones::Arguments),
    /// Tell what a change of a file or symbol reaches, and how
    Impact(impact::Arguments),
    /// Write the model as one page to look at in a browser
    Map(map::Arguments),
    /// Measure files, in Codexa's way or as radon, pygount or tokei would
    Metrics(metrics::Arguments),
    /// Print the JSON Schema of a file format, or list them
    Schema(schema::Arguments),
    /// Say something to Codexa in plain words, and have it carried out
    Say(say::Arguments),
    /// Open changes, and see how they stand
    #[command(subcommand)]
    Change(change::Command),
    /// Make a chat account yours, by the code it was given
    Link(link::Arguments),
    /// Run everything in one process, in the foreground
    Up(up::Arguments),
    /// Run one role of an installation
    Serve(serve::Arguments),
    /// Make, list and revoke tokens of people, adapters and services
    #[command(subcommand)]
    Token(token::Command),
    /// List and unlink chat accounts
    #[command(subcommand)]
    Account(account::Command),
    /// Show the rules in force, and accept what their branch proposes
    #[command(subcommand)]
    Rules(rules::Command),
    /// Manage the global control plane that projects inherit from
    #[command(subcommand, name = "control-plane")]
    ControlPlane(control_plane::Command),
    /// Read files for another process of Codexa
    #[command(hide = true)]
    Worker,
}

pub(crate) fn run(command: Command, globals: &Globals, ui: &Ui) -> Outcome {
    match command {
        Command::Init(arguments) => init::run(&arguments, globals, ui),
        Command::Doctor(arguments) => doctor::run(&arguments, globals, ui),
        Command::Discover(arguments) => discover::run(&arguments, globals, ui),
        Command::Status(arguments) => status::run(&arguments, globals, ui),
        Command::Show(what) => show::run(&what, globals, ui),
        Command::Explain(arguments) => explain::run(&arguments, globals, ui),
        Command::Diff(arguments) => diff::run(&arguments, globals, ui),
        Command::Followups(_) => followup::list::run(globals, ui),
        Command::Followup(command) => followup::run(&command, globals, ui),
        Command::Summarize(arguments) => summarize::run(&arguments, globals, ui),
        Command::SuggestChangeZones(arguments) => suggest_change_zones::run(&arguments, globals, ui),
        Command::Impact(arguments) => impact::run(&arguments, globals, ui),
        Command::Map(arguments) => map::run(&arguments, globals, ui),
        Command::Metrics(arguments) => metrics::run(&arguments, globals, ui),
        Command::Schema(arguments) => schema::run(&arguments, ui),
        Command::Say(arguments) => say::run(&arguments, globals, ui),
        Command::Change(command) => change::run(&command, globals, ui),
        Command::Link(arguments) => link::run(&arguments, globals, ui),
        Command::Up(arguments) => up::run(&arguments, globals, ui),
        Command::Serve(arguments) => serve::run(&arguments, globals, ui),
        Command::Token(command) => token::run(&command, globals, ui),
        Command::Account(command) => account::run(&command, globals, ui),
        Command::Rules(command) => rules::run(&command, globals, ui),
        Command::ControlPlane(command) => control_plane::run(command, globals, ui),
        Command::Worker => worker::run(),
    }
}
