//! Commands below others, by what people type.

use super::{behaviour, entries};
use codexa_model::Language;

#[test]
fn kingpin_commands_stand_below_those_they_are_made_of() {
    let tool = "package main\nimport \"github.com/alecthomas/kingpin/v2\"\nfunc f() {\n\
        app := kingpin.New(\"tool\", \"x\")\n\
        check := app.Command(\"check\", \"x\").Alias(\"c\")\n\
        check.Command(\"config\", \"x\")\n\
        rules := check.Command(\"rules\", \"x\")\n\
        rules.Command(\"one\", \"x\")\n}\n";
    assert_eq!(
        entries(Language::Go, "a.go", tool),
        "5 CliCommand check - - go.kingpin_command\n6 CliCommand check config - - go.kingpin_command\n\
         7 CliCommand check rules - - go.kingpin_command\n8 CliCommand check rules one - - go.kingpin_command\n"
    );
}

#[test]
fn commands_of_php_are_called_as_their_attributes_say() {
    let symfony = "<?php\nuse Symfony\\Component\\Console\\Attribute\\AsCommand;\n\
        #[AsCommand(name: 'app:x', description: 'name: y')]\nclass XCommand {}\n#[AsCommand('app:y')]\nclass Y {}\n\
        #[AsCommand(NAME)]\nclass Z {}\n";
    assert_eq!(
        entries(Language::Php, "src/a.php", symfony),
        "3 CliCommand app:x - - php.symfony_command\n5 CliCommand app:y - - php.symfony_command\n\
         7 CliCommand Z - - php.symfony_command\n"
    );
}

#[test]
fn groups_of_click_are_known_with_what_they_are_below() {
    let click = "import click\n@click.group()\ndef cli(): pass\n@cli.group(name='db')\ndef database(): pass\n\
        @database.command()\ndef drop(): pass\ncli.add_command(other.users, 'people')\ncli.add_command(drop)\n";
    let found = behaviour(Language::Python, "a.py", click);
    let mounts: Vec<String> = found
        .mounts
        .iter()
        .map(|mount| format!("{:?} {} {} {:?}", mount.router, mount.prefix, mount.replaces, mount.on.name))
        .collect();
    assert_eq!(
        mounts,
        [
            "Name(\"other.users\") people true Some(\"cli\")",
            "Name(\"drop\")  false Some(\"cli\")",
            "Name(\"database\") db true Some(\"cli\")"
        ]
    );
    assert_eq!(found.groups, [("cli".into(), "cli".into())]);
}

#[test]
fn clap_names_commands_in_attributes_and_not_by_their_types() {
    let clap = "use clap::{Parser, Subcommand};\n#[derive(Debug, Parser)]\n#[command(name = \"tool\", version)]\nstruct Cli {\n\
        #[arg(long, name = \"PATH\")]\nx: String,\n}\n#[derive(Subcommand)]\nenum Commands {\nRun,\n\
        #[command(name = \"list-all\", about = \"x\")]\nList { a: u8 },\n}\n\
        #[derive(Parser)]\nstruct Other {}\n";
    assert_eq!(
        entries(Language::Rust, "src/cli.rs", clap),
        "3 CliCommand tool - - rust.clap_parser\n11 CliCommand list-all - - rust.clap_subcommand\n"
    );
    let structopt = "use structopt::StructOpt;\n#[derive(StructOpt)]\n#[structopt(name = \"old\")]\nstruct Opt {}\n";
    assert_eq!(entries(Language::Rust, "src/cli.rs", structopt), "3 CliCommand old - - rust.structopt\n");
    let foreign = "#[derive(Parser)]\n#[command(name = \"x\")]\nstruct Cli {}\n";
    assert_eq!(entries(Language::Rust, "src/cli.rs", foreign), "");
}
