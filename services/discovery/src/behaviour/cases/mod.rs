//! For every rule a snippet that it finds and one that it must not find, read by the real parser.

mod c;
mod commands;
mod csharp;
mod exports;
mod go;
mod java;
mod javascript;
mod others;
mod python;
mod routes;
mod ruby;
mod rust;
mod uses;

use super::rule::Gives;
use super::{Behaviour, EntryKind, of_file, rules};
use codexa_model::Language;
use codexa_syntax::{Analyser, Limits};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A rule with its snippets.
pub(super) struct Case {
    rule: &'static str,
    path: &'static str,
    /// What the rule needs to see before the code; it must not fire without it.
    imports: &'static str,
    code: &'static str,
    /// Code like it, after the same imports, in which the rule must find nothing.
    not: &'static str,
}

pub(super) const fn case(rule: &'static str, imports: &'static str, code: &'static str, not: &'static str) -> Case {
    Case { rule, path: "src/file", imports, code, not }
}

impl Case {
    const fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }
}

fn tables() -> Vec<(Language, &'static [Case])> {
    vec![
        (Language::Bash, others::BASH),
        (Language::C, c::C),
        (Language::Cpp, c::CPP),
        (Language::CSharp, csharp::CASES),
        (Language::Go, go::CASES),
        (Language::Java, java::CASES),
        (Language::TypeScript, javascript::CASES),
        (Language::Php, others::PHP),
        (Language::Python, python::CASES),
        (Language::Ruby, others::RUBY),
        (Language::Rust, rust::CASES),
    ]
}

pub(super) fn behaviour(language: Language, path: &str, source: &str) -> Behaviour {
    of_file(path, &Analyser::new().analyse(language, source.as_bytes(), &Limits::default()))
}

fn origins(language: Language, path: &str, source: &str) -> BTreeSet<String> {
    let found = behaviour(language, path, source);
    let entries = found.entry_points.iter().map(|entry| entry.origin.to_string());
    entries.chain(found.contacts.iter().map(|contact| contact.origin.to_string())).collect()
}

#[test]
fn every_rule_finds_its_snippet_and_not_the_one_like_it() {
    let mut wrong = Vec::new();
    for (language, cases) in tables() {
        // PHP is a template language: code stands behind its opening tag.
        let source = |imports: &str, code: &str| match language {
            Language::Php => format!("<?php\n{imports}\n{code}\n"),
            _ => format!("{imports}\n{code}\n"),
        };
        for case in cases {
            let found = |source: &str| origins(language, case.path, source).contains(case.rule);
            if !found(&source(case.imports, case.code)) {
                wrong.push(format!("{}: misses {}", case.rule, case.code));
            }
            if found(&source(case.imports, case.not)) {
                wrong.push(format!("{}: finds {}", case.rule, case.not));
            }
            if !case.imports.is_empty() && found(&source("", case.code)) {
                wrong.push(format!("{}: needs no import for {}", case.rule, case.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case_and_every_case_a_rule() {
    let finding = rules::all().filter(|(_, rule)| !matches!(rule.gives, Gives::Prefix | Gives::Mount | Gives::Group));
    let rules: BTreeSet<&str> = finding.map(|(_, rule)| rule.name).collect();
    let cases: BTreeSet<&str> = tables().iter().flat_map(|(_, cases)| cases.iter().map(|case| case.rule)).collect();
    assert_eq!(rules.difference(&cases).collect::<Vec<_>>(), Vec::<&&str>::new(), "rules without a case");
    assert_eq!(cases.difference(&rules).collect::<Vec<_>>(), Vec::<&&str>::new(), "cases without a rule");
}

/// Entry points, one per line.
fn entries(language: Language, path: &str, source: &str) -> String {
    let mut lines = String::new();
    for entry in behaviour(language, path, source).entry_points {
        let (method, route) = (entry.method.as_deref().unwrap_or("-"), entry.path.as_deref().unwrap_or("-"));
        writeln!(lines, "{} {:?} {} {method} {route} {}", entry.line, entry.kind, entry.name, entry.origin).unwrap();
    }
    lines
}

#[test]
fn paths_of_types_stand_before_those_of_their_methods() {
    let spring = "import org.springframework.web.bind.annotation.*;\n@RequestMapping(value = \"/a\")\nclass A {\n@GetMapping(\"/{id}\")\nvoid f() {}\n\
        @RequestMapping(path = \"b\", method = {RequestMethod.PUT, RequestMethod.POST})\nvoid g() {}\n}";
    assert_eq!(
        entries(Language::Java, "A.java", spring),
        "4 HttpRoute f GET /a/{id} java.spring_mapping\n6 HttpRoute g PUT,POST /a/b java.spring_request_mapping\n"
    );
    let jaxrs =
        "import jakarta.ws.rs.*;\n@Path(\"/a\")\nclass A {\n@GET\n@Path(\"x\")\nvoid f() {}\n@POST\nvoid g() {}\n}";
    assert_eq!(
        entries(Language::Java, "A.java", jaxrs),
        "4 HttpRoute f GET /a/x java.jaxrs_method\n7 HttpRoute g POST /a java.jaxrs_method\n"
    );
    let micronaut = "import io.micronaut.http.annotation.*;\n@Controller(\"/a\")\nclass A {\n@Get\nvoid f() {}\n}";
    assert_eq!(entries(Language::Java, "A.java", micronaut), "4 HttpRoute f GET /a java.micronaut_method\n");
    let nest = "import { Controller, Get } from '@nestjs/common'\n@Controller('a')\nclass A {\n@Get(':id')\nf() {}\n}";
    assert_eq!(entries(Language::TypeScript, "a.ts", nest), "4 HttpRoute f GET /a/:id javascript.nest_route\n");
    let aspnet = "[Route(\"api/[controller]\")]\nclass UsersController {\n[HttpGet(\"{id}\")]\nvoid One() {}\n}";
    assert_eq!(
        entries(Language::CSharp, "A.cs", aspnet),
        "3 HttpRoute One GET /api/Users/{id} csharp.attribute_route\n"
    );
    let symfony = "<?php\nuse Symfony\\Component\\Routing\\Attribute\\Route;\n#[Route('/a')]\nclass A {\n#[Route('/x', methods: ['GET'])]\nfunction f() {}\n}";
    assert_eq!(entries(Language::Php, "A.php", symfony), "5 HttpRoute f GET /a/x php.symfony_route\n");
}

#[test]
fn paths_of_routers_stand_before_those_of_their_routes() {
    let flask = "from flask import Blueprint\nother = Blueprint('b', __name__)\n\
        bp = Blueprint(\"auth\", __name__, url_prefix=\"/auth\")\n\
        @bp.route(\"/login\", methods=[\"POST\"])\ndef login(): pass\n\
        @bp.route(\"/\")\ndef index(): pass\n@other.route(\"/x\")\ndef x(): pass\n\
        bp.add_url_rule(\"/out\", view_func=out)\n";
    assert_eq!(
        entries(Language::Python, "a.py", flask),
        "4 HttpRoute login POST /auth/login python.flask_route\n6 HttpRoute index - /auth/ python.flask_route\n\
         8 HttpRoute x - /x python.flask_route\n10 HttpRoute /out - /auth/out python.flask_add_url_rule\n"
    );
    let fastapi = "import fastapi\nrouter = fastapi.APIRouter(tags=['x'], prefix='/items')\n@router.get('')\ndef all(): pass\n\
        mine = Router(prefix='/other')\n@mine.get('/x')\ndef x(): pass\n";
    assert_eq!(
        entries(Language::Python, "a.py", fastapi),
        "3 HttpRoute all GET /items python.verb_route\n6 HttpRoute x GET /x python.verb_route\n"
    );
    let koa =
        "const Router = require('@koa/router')\nconst users = new Router({ prefix: '/users' })\nusers.get('/:id', f)\n";
    assert_eq!(entries(Language::JavaScript, "a.js", koa), "3 HttpRoute /:id GET /users/:id javascript.router_verb\n");
}

#[test]
fn commands_have_the_name_that_people_type() {
    let click = "import click\n@click.command(\"shell\", short_help=\"x\")\ndef shell_command(): pass\n\
        @click.group(help=\"the name\", name='db')\ndef database(): pass\n@database.command()\ndef Drop_all(): pass\n";
    assert_eq!(
        entries(Language::Python, "a.py", click),
        "2 CliCommand shell - - python.click_command\n4 CliCommand db - - python.click_command\n\
         6 CliCommand drop-all - - python.click_subcommand\n"
    );
}

#[test]
fn programs_start_where_each_language_says() {
    let mains = [
        (
            Language::Python,
            "a.py",
            "def main(): pass\nif __name__ == '__main__':\n    main()",
            "2 Main __main__ - - python.main_guard\n",
        ),
        (Language::Python, "pkg/__main__.py", "import pkg", "1 Main __main__ - - python.main_module\n"),
        (Language::Python, "a.py", "def main(): pass", ""),
        (Language::Rust, "src/main.rs", "fn main() {}", "1 Main main - - rust.main\n"),
        (Language::Rust, "x/src/bin/tool/main.rs", "fn main() {}", "1 Main main - - rust.main\n"),
        (Language::Rust, "build.rs", "fn main() {}", "1 Main main - - rust.build_script\n"),
        (Language::Rust, "a/benches/x.rs", "#[tokio::main]\nasync fn main() {}", "2 Main main - - rust.main\n"),
        (Language::Rust, "examples/x/main.rs", "fn main() -> Result<()> {}", "1 Main main - - rust.main\n"),
        (Language::Rust, "cli/start.rs", "fn main() {}", "1 Main main - - rust.main_elsewhere\n"),
        (Language::Rust, "src/lib.rs", "fn main() {}", ""),
        (
            Language::Rust,
            "src/lib.rs",
            "#[proc_macro_attribute]\npub fn main(args: TokenStream, item: TokenStream) {}",
            "",
        ),
        (Language::Rust, "src/entry.rs", "pub(crate) fn main(args: TokenStream) {}", ""),
        (Language::Rust, "src/lib.rs", "mod a { fn main() {} }", ""),
        (Language::Go, "a.go", "package main\nfunc main() {}", "2 Main main - - go.main\n"),
        (Language::Go, "a.go", "package a\nfunc main() {}", ""),
        (Language::Java, "A.java", "class A { public static void main(String[] a) {} }", "1 Main main - - java.main\n"),
        (Language::Java, "A.java", "class A { void main(String[] a) {} }", ""),
        (Language::C, "a.c", "int main(void) { return 0; }", "1 Main main - - c.main\n"),
        (Language::C, "a.h", "int main(void);", ""),
        (Language::C, "a.c", "#ifdef A_TEST\nint main(void) {}\n#endif", "2 Main main - - c.conditional_main\n"),
        (Language::C, "a.c", "#if 0\nint main(void) {}\n#endif", "2 Main main - - c.conditional_main\n"),
        (
            Language::C,
            "a.c",
            "#if defined(__linux__) && defined(A_MAIN)\nint main(void) {}\n#endif",
            "2 Main main - - c.conditional_main\n",
        ),
        (Language::C, "a.c", "#define A 1\n#ifdef A\nint main(void) {}\n#endif", "3 Main main - - c.main\n"),
        (Language::C, "a.c", "#ifdef _WIN32\nint main(void) {}\n#endif", "2 Main main - - c.main\n"),
        (Language::C, "a.c", "#ifdef HAVE_X\nint main(void) {}\n#endif", "2 Main main - - c.main\n"),
        (Language::C, "a.c", "#ifndef A_C\nint main(void) {}\n#endif", "2 Main main - - c.main\n"),
        (
            Language::C,
            "a.c",
            "#ifdef A\nint main(void) {}\n#else\nint main(int c, char **v) {}\n#endif",
            "4 Main main - - c.main\n",
        ),
        (Language::CSharp, "A.cs", "class A { static void Main() {} }", "1 Main Main - - csharp.main\n"),
        (Language::CSharp, "Program.cs", "Run();", "1 Main Program - - csharp.top_level\n"),
        (Language::Bash, "a.sh", "main() { :; }\nmain \"$@\"", "1 Main main - - bash.main\n"),
        (Language::Bash, "a.sh", "main() { :; }", ""),
        (Language::Bash, "libexec/tool-run", "set -e\nexec tool", "1 Main tool-run - - bash.script\n"),
        (Language::Bash, "bin/deploy.sh", "rm -rf build", "1 Main deploy.sh - - bash.script\n"),
        (Language::Bash, "configure", "make", "1 Main configure - - bash.script\n"),
        (Language::Bash, "bash_completion", "complete -F f x", ""),
        (Language::Bash, "lib/all.sh", "rm -rf build", ""),
        (Language::Bash, "home/.bashrc", "alias x=y", ""),
        (Language::Bash, "bin/lib.sh", "f() { rm x; }", ""),
        (
            Language::Php,
            "public/index.php",
            "<?php\nrequire __DIR__.'/../vendor/autoload.php';",
            "1 Main index.php - - php.front_controller\n",
        ),
        (Language::Php, "src/index.php", "<?php\nrequire 'a.php';", ""),
        (Language::Php, "artisan", "<?php\nrequire 'a.php';", "1 Main artisan - - php.script\n"),
    ];
    for (language, path, source, expected) in mains {
        assert_eq!(entries(language, path, source), expected, "{path}: {source}");
    }
}

#[test]
fn frameworks_find_files_by_their_place() {
    let route = "export async function GET() {}\nfunction helper() {}";
    assert_eq!(
        entries(Language::TypeScript, "web/app/(shop)/cart/[id]/route.ts", route),
        "1 HttpRoute GET GET /cart/[id] javascript.next_route_handler\n"
    );
    assert_eq!(
        entries(Language::TypeScript, "app/route.ts", route),
        "1 HttpRoute GET GET / javascript.next_route_handler\n"
    );
    assert_eq!(entries(Language::TypeScript, "lib/route.ts", route), "");
    assert_eq!(
        entries(Language::TypeScript, "src/routes/a/+server.ts", route),
        "1 HttpRoute GET GET /a javascript.sveltekit_server\n"
    );
    assert_eq!(
        entries(Language::TypeScript, "pages/api/users/index.ts", "export default function handler() {}"),
        "1 HttpRoute default - /api/users javascript.next_api_page\n"
    );
    let command = "class Command:\n    pass";
    assert_eq!(
        entries(Language::Python, "shop/management/commands/load.py", command),
        "1 CliCommand load - - python.django_command\n"
    );
    assert_eq!(entries(Language::Python, "shop/commands/load.py", command), "");
}

#[test]
fn a_contact_shows_the_callee_on_one_line_and_once() {
    let source =
        "use std::process::Command;\nfn f() {\n    Command::new(\"git\")\n        .arg(\"x\")\n        .output();\n}";
    let found = behaviour(Language::Rust, "src/a.rs", source);
    let details: Vec<_> = found.contacts.iter().map(|contact| (&*contact.detail, contact.literal.as_deref())).collect();
    assert_eq!(details, [("Command::new", Some("git"))]);
    assert!(found.entry_points.iter().all(|entry| entry.kind != EntryKind::Main));
}

#[test]
fn any_receiver_is_survived() {
    let mut facts =
        Analyser::new().analyse(Language::Rust, b"use std::fs; fn f() { fs::read(\"x\"); }", &Limits::default());
    let call = facts.calls[0].clone();
    for receiver in [
        "",
        "(((",
        "a.b<<<",
        ">>",
        "\u{e9}::x",
        "require('",
        "require(\"x",
        "\\",
        "std::",
        "::fs",
        "fs(",
        "\u{1f980}.x",
        "new ",
        "&*!(",
    ] {
        facts.calls.push(codexa_model::facts::Call { receiver: Some(receiver.into()), ..call.clone() });
    }
    for language in Language::ALL {
        facts.language = language;
        assert_eq!(of_file("a", &facts), of_file("a", &facts));
    }
}
