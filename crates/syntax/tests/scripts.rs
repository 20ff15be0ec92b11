//! Scripts that shell scripts load or run.
#![cfg(test)]

use codexa_model::Language;
use codexa_model::facts::ImportKind;
use codexa_syntax::{Analyser, Limits};

/// The targets of a script's imports; `?` where one is computed.
fn loaded(source: &str) -> Vec<String> {
    let facts = Analyser::new().analyse(Language::Bash, source.as_bytes(), &Limits::default());
    let target = |kind, target: &str| if kind == ImportKind::Dynamic { "?".to_owned() } else { target.to_owned() };
    facts.imports.iter().map(|import| target(import.kind, &import.target)).collect()
}

#[test]
fn a_variable_that_holds_the_own_folder_leads_to_files() {
    let folders = [
        r#"$(cd "$(dirname "${BASH_SOURCE[0]}")" >/dev/null 2>&1 && pwd)"#,
        r#""$( cd -- "$( dirname -- "${BASH_SOURCE[0]}" )" &> /dev/null && pwd -P )""#,
        r#"$(dirname "$0")"#,
        r#"`dirname $0`"#,
        r#"${BASH_SOURCE%/*}"#,
        r#"$(dirname "$(readlink -f "$0")")"#,
        r#"$(realpath "$(dirname "${BASH_SOURCE}")")"#,
        r#"$(cd "$(dirname "$0")/sub/.."; pwd)"#,
        r#"$(CDPATH="" cd "$(dirname "$0")" && pwd)"#,
    ];
    for folder in folders {
        let script = format!(
            "DIR={folder}\nsource \"$DIR/a.sh\"\n. ${{DIR}}/b\n\"$DIR\"/c.sh --x\nbash \"$DIR/d\"\n. {folder}/e.sh\n"
        );
        assert_eq!(loaded(&script), ["./a.sh", "./b", "./c.sh", "./d", "./e.sh"], "{folder}");
    }
    let steps = r#"
self="${BASH_SOURCE[0]}"
here=$(dirname "$self")
root="$(cd "$here/.." && pwd)"
lib=$root/lib
f() { source "$lib/x.sh"; }
source "$root/$name.sh"
"#;
    assert_eq!(loaded(steps), ["../lib/x.sh", "?"]);
}

#[test]
fn what_is_not_certain_stays_computed() {
    let twice = "DIR=$(dirname \"$0\")\nif x; then DIR=/opt; fi\nsource $DIR/a.sh\n$DIR/b.sh\n";
    assert_eq!(loaded(twice), ["?"]);
    let inside = "DIR=$(dirname \"$0\")\nf() { local DIR=/opt; }\nsource $DIR/a.sh\n";
    assert_eq!(loaded(inside), ["?"]);
    let late = "source $DIR/a.sh\nDIR=$(dirname \"$0\")\n";
    assert_eq!(loaded(late), ["?"]);
    let elsewhere = "DIR=$(pwd)\nA=$(cd \"$1\" && pwd)\nB=$(cd \"$(dirname \"$0\")\" && ls)\n. $DIR/a\n. $A/b\n. $B/c\n. $(pwd)/d\n. x/*.sh";
    assert_eq!(loaded(elsewhere), ["?"; 5]);
    let odd = "A=$(((((((((((((((dirname $0)\n. $A/x\n. ${\n. $(\n. `\n. \"";
    let _ = loaded(odd);
}

#[test]
fn scripts_that_are_run_are_loaded_too() {
    let script = "bash ./a.sh x\nsh -e b.sh\nbash -c './c.sh'\n./d.sh\n./configure\nbash\n/bin/sh e.sh\nbash $x\n$x/f.sh\nrun.sh\nexec ./g.sh y\nexec ls\n";
    assert_eq!(loaded(script), ["./a.sh", "b.sh", "./d.sh", "e.sh", "./g.sh"]);
}
