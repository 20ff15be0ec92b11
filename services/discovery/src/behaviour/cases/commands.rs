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
fn commands_may_be_named_by_a_constant_of_the_file() {
    let cobra = "package a\nimport \"github.com/spf13/cobra\"\nconst (\n\tname = \"serve\"\n\tport = 80\n)\n\
        var other = \"o\"\nvar one = &cobra.Command{\n\tUse: name,\n}\nvar two = &cobra.Command{Use: name + x}\n\
        var three = &cobra.Command{Use: other}\n";
    assert_eq!(entries(Language::Go, "a.go", cobra), "8 CliCommand serve - - go.cobra_command\n");
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
fn clap_names_programs_in_attributes_and_commands_after_their_variants() {
    let clap = "use clap::{Parser, Subcommand};\n#[derive(Debug, Parser)]\n#[command(name = \"tool\", version)]\nstruct Cli {\n\
        #[arg(long, name = \"PATH\")]\nx: String,\n}\n#[derive(Subcommand)]\nenum Commands {\nRun,\n\
        #[command(name = \"list-all\", about = \"x\")]\nList { a: u8 },\n}\n\
        #[derive(Parser)]\nstruct Other {}\n";
    assert_eq!(
        entries(Language::Rust, "src/cli.rs", clap),
        "3 CliCommand tool - - rust.clap_parser\n10 CliCommand run - - rust.clap_subcommand\n\
         11 CliCommand list-all - - rust.clap_subcommand\n"
    );
    let variants = "use clap::{Parser, Subcommand};\n#[derive(Subcommand)]\npub enum Commands {\n/// Doc\nHTTPServer(Args),\n\
        #[command(about = \"x\")]\nSha256Sum { #[arg(long)] a: u8 },\n#[command(flatten)]\nMore(More),\n\
        #[command(external_subcommand)]\nOther(Vec<String>),\n#[clap(subcommand)]\nRemote(Remote),\n}\n\
        #[derive(Subcommand)]\n#[command(rename_all = \"snake_case\")]\nenum Snake { OneTwo, #[command(name = \"3\")] Three }\n\
        #[derive(clap::ValueEnum)]\nenum Colour { DarkRed }\n#[derive(Parser)]\nenum Tool { GoOn }\n";
    assert_eq!(
        entries(Language::Rust, "src/cli.rs", variants),
        "5 CliCommand http-server - - rust.clap_subcommand\n7 CliCommand sha256-sum - - rust.clap_subcommand\n\
         13 CliCommand remote - - rust.clap_subcommand\n17 CliCommand 3 - - rust.clap_subcommand\n\
         21 CliCommand go-on - - rust.clap_subcommand\n"
    );
    let prose = "use clap::Subcommand;\n#[derive(Subcommand)]\nenum Commands {\n#[command(about = \"Build, but \\\"skip\\\" and flatten\")]\nBuild,\n\
        #[command(name = NAME)]\nComputed,\n}\n";
    assert_eq!(entries(Language::Rust, "src/cli.rs", prose), "5 CliCommand build - - rust.clap_subcommand\n");
    let structopt = "use structopt::StructOpt;\n#[derive(StructOpt)]\n#[structopt(name = \"old\")]\nstruct Opt {}\n";
    assert_eq!(entries(Language::Rust, "src/cli.rs", structopt), "3 CliCommand old - - rust.structopt\n");
    let foreign = "#[derive(Parser)]\n#[command(name = \"x\")]\nstruct Cli {}\n";
    assert_eq!(entries(Language::Rust, "src/cli.rs", foreign), "");
}
