//! What classes extend, and variables that are the environment.

use super::{behaviour, entries};
use codexa_model::Language;

#[test]
fn classes_that_a_framework_runs_are_jobs_and_commands() {
    let hosted = "class Sweeper : BackgroundService {\nprotected override async Task ExecuteAsync(CancellationToken t) {}\n}\n\
        class Starter : IHostedService {\npublic Task StartAsync(CancellationToken t) {}\npublic Task StopAsync(CancellationToken t) {}\n}\n\
        class Other {\npublic Task ExecuteAsync() {}\n}\n";
    assert_eq!(
        entries(Language::CSharp, "A.cs", hosted),
        "1 Job Sweeper - - csharp.background_service\n4 Job Starter - - csharp.hosted_service\n"
    );
    assert_eq!(entries(Language::CSharp, "A.cs", "class A {\nprotected Task ExecuteAsync() {}\n}\n"), "");
    let job = "<?php\nuse Illuminate\\Contracts\\Queue\\ShouldQueue;\nclass Mail implements ShouldQueue {\npublic function handle() {}\n}\n";
    assert_eq!(entries(Language::Php, "app/Jobs/Mail.php", job), "3 Job Mail - - php.laravel_job\n");
    let command = "<?php\nuse Illuminate\\Console\\Command;\nclass Clean extends Command {\nprotected $signature = 'clean';\npublic function handle() {}\n}\n";
    assert_eq!(entries(Language::Php, "app/Clean.php", command), "3 CliCommand clean - - php.laravel_command_class\n");
    let long = command.replace("'clean'", "\"mail:send\n{user : x}\"").replace("Clean", "Send");
    assert_eq!(entries(Language::Php, "app/Send.php", &long), "3 CliCommand mail:send - - php.laravel_command_class\n");
    let computed = command.replace("'clean'", "\"$a:send\"");
    assert_eq!(entries(Language::Php, "a.php", &computed), "3 CliCommand Clean - - php.laravel_command_class\n");
}

#[test]
fn contacts_that_no_call_shows() {
    let details = |language, source: &str| {
        let found = behaviour(language, "src/a", source).contacts;
        found
            .iter()
            .map(|contact| format!("{:?} {} {}", contact.kind, contact.detail, contact.line))
            .collect::<Vec<_>>()
    };
    assert_eq!(details(Language::Php, "<?php\n$x = $_ENV['X'];\n"), ["Environment $_ENV 2"]);
    let repository = "import org.springframework.data.jpa.repository.JpaRepository;\ninterface Owners extends JpaRepository<Owner, Integer> {}\n";
    assert_eq!(details(Language::Java, repository), ["Database JpaRepository 2"]);
    assert_eq!(
        details(Language::Java, "interface Owners extends JpaRepository<Owner, Integer> {}\n"),
        Vec::<String>::new()
    );
    assert_eq!(details(Language::C, "void f(void) { system(\"ls\"); }\n"), ["Subprocess system 1"]);
}
