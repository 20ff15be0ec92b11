//! A Makefile read lexically: its variables and its rules. Nothing is executed: functions (`$(shell …)`) give nothing,
//! conditions are not evaluated, and of two values of a variable the later one counts.

use crate::work::Work;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Rounds in which variables are replaced by their values: how deep values may name each other.
const ROUNDS: usize = 8;
/// Longest text that an expansion may come to, in bytes: a round that would pass it is not made.
const LONGEST: usize = 256 << 10;
/// What reading one Makefile may cost, in bytes that are looked at or written: many rules may name one long value.
const MOST_WORK: usize = 16 << 20;
/// What one part of a program counts for: its sources are looked up under several names.
const PART: usize = 64;
/// Lines that are instructions to make and neither rules nor variables.
const DIRECTIVES: &[&str] =
    &["ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "include", "-include", "sinclude", "vpath", "undefine"];

/// What a Makefile says.
#[derive(Debug)]
pub(super) struct Makefile {
    variables: BTreeMap<String, String>,
    /// As written.
    rules: Vec<Rule>,
    /// What is left of [`MOST_WORK`]; what lies behind its end is not read.
    work: Work,
    /// Whether an expansion would have been longer than [`LONGEST`].
    was_too_long: Cell<bool>,
}

/// One rule.
#[derive(Debug)]
struct Rule {
    targets: String,
    needs: String,
    recipe: String,
}

/// A program that a rule links.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Linked {
    /// Its file's name, without `.exe`.
    pub(super) name: String,
    /// The objects and sources it is made of, as the Makefile calls them.
    pub(super) parts: Rc<[String]>,
}

impl Makefile {
    pub(super) fn parse(text: &str) -> Self {
        let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
        let mut file = Self {
            variables: BTreeMap::new(),
            rules: Vec::new(),
            work: Work::of(MOST_WORK),
            was_too_long: Cell::new(false),
        };
        let mut in_define = false;
        for line in text.lines() {
            if let Some(command) = line.strip_prefix('\t') {
                if let Some(rule) = file.rules.last_mut() {
                    rule.recipe.push_str(command);
                    rule.recipe.push('\n');
                }
                continue;
            }
            let line = without_comment(line).trim();
            let first = line.split([' ', '\t', '(']).next().unwrap_or_default();
            in_define = (in_define || first == "define") && first != "endef";
            if line.is_empty() || in_define || first == "endef" || DIRECTIVES.contains(&first) {
                continue;
            }
            file.statement(line);
        }
        file
    }

    fn statement(&mut self, line: &str) {
        let line = ["export ", "override "].iter().fold(line, |line, word| line.strip_prefix(word).unwrap_or(line));
        let (equals, colon) = (outside(line, '='), outside(line, ':'));
        let is_assignment = |equals: usize| {
            let between = colon.filter(|colon| *colon < equals).and_then(|colon| line.get(colon..equals));
            between.is_none_or(|between| between.chars().all(|letter| letter == ':'))
        };
        if let Some(equals) = equals.filter(|equals| is_assignment(*equals)) {
            let (name, value) = line.split_at(equals);
            let value = value.get(1..).unwrap_or_default().trim();
            let (name, operator) = name.split_at(name.trim_end_matches([':', '+', '?', '!']).len());
            self.assign(name.trim(), operator, value);
        } else if let Some((targets, needs)) = colon.and_then(|colon| line.split_at_checked(colon)) {
            let needs = needs.trim_start_matches(':');
            let (needs, recipe) = needs.split_once(';').unwrap_or((needs, ""));
            self.rules.push(Rule { targets: targets.into(), needs: needs.into(), recipe: recipe.into() });
        }
    }

    fn assign(&mut self, name: &str, operator: &str, value: &str) {
        match (operator, self.variables.get_mut(name)) {
            ("+", Some(known)) => {
                known.push(' ');
                known.push_str(value);
            }
            ("?", Some(_)) => {}
            // `!=` runs a command.
            ("!", _) => {}
            _ => {
                self.variables.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The programs that its rules link out of objects or sources.
    pub(super) fn programs(&self) -> Vec<Linked> {
        let phony: BTreeSet<String> = self
            .rules
            .iter()
            .filter(|rule| rule.targets.trim() == ".PHONY")
            .filter_map(|rule| self.expand(&rule.needs))
            .flat_map(|needs| needs.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let mut found: BTreeSet<String> = BTreeSet::new();
        let mut programs = Vec::new();
        for rule in &self.rules {
            let Some(needs) = self.expand(&rule.needs) else { break };
            let parts: Rc<[String]> =
                needs.split_whitespace().filter(|need| is_part(need)).map(str::to_owned).collect();
            if parts.is_empty() {
                continue;
            }
            let (Some(links), Some(targets)) = (self.links(rule, &parts), self.expand(&rule.targets)) else { break };
            for target in targets.split_whitespace() {
                let name = target.rsplit('/').next().unwrap_or(target);
                let name = name.strip_suffix(".exe").unwrap_or(name);
                let is_program = !name.is_empty() && !name.contains(['.', '%', '*', '$']) && !phony.contains(target);
                if is_program && links.program(name) && !found.contains(name) {
                    if !self.work.take(parts.len() * PART) {
                        return programs;
                    }
                    found.insert(name.to_owned());
                    programs.push(Linked { name: name.to_owned(), parts: Rc::clone(&parts) });
                }
            }
        }
        programs
    }

    /// What a rule's commands link: they name their output and neither only compile nor make a library. Without commands
    /// make links a program out of the object of its name. `None` where the work is spent.
    fn links<'p>(&self, rule: &Rule, parts: &'p [String]) -> Option<Links<'p>> {
        if rule.recipe.trim().is_empty() {
            return Some(Links::Named(parts.iter().filter_map(|part| part.strip_suffix(".o")).collect()));
        }
        let recipe = self.expand(&rule.recipe)?;
        let has = |wanted: &[&str]| recipe.split_whitespace().any(|word| wanted.contains(&word));
        let any = has(&["-o", "-o$@"]) && !has(&["-c", "-shared", "-dynamiclib", "-r"]);
        Some(if any { Links::Every } else { Links::Named(BTreeSet::new()) })
    }

    /// Whether the Makefile starts make again, and which words stand in its commands and variables.
    pub(super) fn hands_over_to(&self) -> BTreeSet<String> {
        let recipes = || self.rules.iter().map(|rule| &rule.recipe);
        if !recipes().any(|recipe| recipe.contains("$(MAKE)") || recipe.contains("${MAKE}")) {
            return BTreeSet::new();
        }
        let mut words = BTreeSet::new();
        for text in recipes().chain(self.rules.iter().map(|rule| &rule.needs)) {
            let Some(text) = self.expand(text) else { break };
            for word in text.split(|letter: char| letter.is_whitespace() || ";&|()\"'`".contains(letter)) {
                let word = word.trim_start_matches("./").trim_end_matches('/');
                if !words.contains(word) {
                    words.insert(word.to_owned());
                }
            }
        }
        words
    }

    /// Whether something was left out of what was asked so far.
    pub(super) fn is_cut(&self) -> bool {
        self.work.is_spent() || self.was_too_long.get()
    }

    /// The text with values in the place of variables; those that nothing defines are empty, as make has it. `None` where
    /// the Makefile's work is spent.
    fn expand(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for _ in 0..ROUNDS {
            if !text.contains('$') {
                break;
            }
            let Some(next) = self.replace(&text, |name, room| self.value(name, room)) else {
                self.was_too_long.set(true);
                break;
            };
            if next == text {
                break;
            }
            text = next;
        }
        let text = self.replace(&text, |_, _| Some(Cow::Borrowed("")));
        text.filter(|_| !self.work.is_spent())
    }

    /// `NAME`, `NAME:.c=.o` and `NAME:%.c=%.o`; anything else between the brackets is a function. `None` where it is longer
    /// than there is room.
    fn value(&self, reference: &str, room: usize) -> Option<Cow<'_, str>> {
        let (name, change) = reference.split_once(':').map_or((reference, None), |(name, change)| (name, Some(change)));
        let Some(value) = self.variables.get(name) else { return Some(Cow::Borrowed("")) };
        let Some((from, to)) = change.and_then(|change| change.split_once('=')) else {
            return Some(Cow::Borrowed(&**value)).filter(|_| value.len() <= room);
        };
        if !self.work.take(value.len()) {
            return None;
        }
        let (from, to) = (from.trim_start_matches('%'), to.trim_start_matches('%'));
        let mut changed = String::new();
        for word in value.split_whitespace() {
            let (stem, ending) = word.strip_suffix(from).map_or((word, ""), |stem| (stem, to));
            if changed.len() + 1 + stem.len() + ending.len() > room {
                return None;
            }
            if !changed.is_empty() {
                changed.push(' ');
            }
            changed.push_str(stem);
            changed.push_str(ending);
        }
        Some(Cow::Owned(changed))
    }

    /// Replaces `$(NAME)` and `${NAME}`. Make's own `$@`, `$^`, `$<` and `$$` stay. `None` where that would be longer than
    /// [`LONGEST`] or than the work that is left: what does not fit is never written.
    fn replace<'v>(&self, text: &str, value: impl Fn(&str, usize) -> Option<Cow<'v, str>>) -> Option<String> {
        if !self.work.take(text.len()) {
            return None;
        }
        let longest = LONGEST.max(text.len());
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            rest = after;
            if after.starts_with(['(', '{']) {
                let end = closing(after);
                let value = value(after.get(1..end).unwrap_or_default(), longest.saturating_sub(out.len()))?;
                if !self.work.take(value.len()) {
                    return None;
                }
                out.push_str(&value);
                rest = after.get(end + 1..).unwrap_or_default();
            } else {
                out.push('$');
                if let Some(after) = after.strip_prefix('$') {
                    out.push('$');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        (out.len() <= longest).then_some(out)
    }
}

/// Which targets of a rule are programs.
enum Links<'p> {
    Every,
    Named(BTreeSet<&'p str>),
}

impl Links<'_> {
    fn program(&self, name: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Named(names) => names.contains(name),
        }
    }
}

/// Where the bracket that a text begins with is closed; its length where it is not.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '{' => depth += 1,
            ')' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Where a letter first stands outside of brackets.
fn outside(text: &str, wanted: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            letter if depth == 0 && letter == wanted => return Some(at),
            _ => {}
        }
    }
    None
}

/// A line up to its comment; `\#` begins none.
fn without_comment(line: &str) -> &str {
    let begins = |at: &usize| line.get(..*at).is_none_or(|before| !before.ends_with('\\'));
    let comment = line.match_indices('#').map(|(at, _)| at).find(begins);
    comment.and_then(|at| line.get(..at)).unwrap_or(line)
}

/// Whether a program can be linked out of a file.
fn is_part(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    !file.contains(['%', '*']) && matches!(ending, "o" | "obj" | "lo" | "c" | "cc" | "cpp" | "cxx" | "C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn programs(text: &str) -> Vec<String> {
        let found = Makefile::parse(text).programs();
        found.into_iter().map(|program| format!("{}: {}", program.name, program.parts.join(" "))).collect()
    }

    #[test]
    fn programs_are_found_through_variables() {
        let text = "NAME=my-server$(SUFFIX)\nOBJ:=a.o \\\n\tserver.o\nOBJ += b.o\nSRC = x.c y.c\nLINK=$(Q)$(CC) $(call flags,$(X))\n\
            ifeq ($(A),b)\nCLI ?= cli\nendif\nCLI ?= other\n\
            $(NAME): $(OBJ) .prerequisites | dir # linked\n\t$(LINK) -o $@ $^\n\
            bin/$(CLI).exe: $(SRC:.c=.o)\n\t$(CC) $^ -o $@\n\
            plain: plain.o util.o\n";
        assert_eq!(programs(text), ["my-server: a.o server.o b.o", "cli: x.o y.o", "plain: plain.o util.o"]);
    }

    #[test]
    fn what_is_no_program_is_left_out() {
        let text = ".PHONY: run\nrun: a.o\n\t./a -o x\nlib.a: a.o\n\tar rcs -o $@ $^\nplugin: a.o\n\t$(CC) -shared -o $@ $^\n\
            %.o: %.c\n\t$(CC) -c -o $@ $<\nobject: a.c\n\t$(CC) -c -o $@ $<\nall: a.o\ntags: a.c b.c\n\tctags $^\n\
            a.o b.o: a.c\n\t$(CC) -o $@ $<\ndefine X\nwrong: a.o\nendef\n\
            copy: my-server\n\tinstall my-server copy\nDEP = $(OBJ:%.o=%.d)\nt: VAR = a.o\n";
        assert_eq!(programs(text), [""; 0]);
    }

    #[test]
    fn the_folders_that_make_goes_on_in_are_known() {
        let text = "SUBDIRS = src\nSUBDIRS += modules/\nall:\n\tfor dir in $(SUBDIRS); do $(MAKE) -C $$dir $@; done\n";
        let words = Makefile::parse(text).hands_over_to();
        assert!(words.contains("src") && words.contains("modules"), "{words:?}");
        assert!(Makefile::parse("all:\n\tls src\n").hands_over_to().is_empty());
    }

    proptest! {
        #[test]
        fn no_makefile_is_too_strange(text in "[A-C$(){}:=+?#%. \t\n\\\\]{0,200}") {
            let file = Makefile::parse(&text);
            let _ = (file.programs(), file.hands_over_to());
        }
    }

    #[test]
    fn values_that_name_themselves_come_to_an_end() {
        let text = "A = $(A) $(A) x\nB = $(A)$(B)\nt: $(B) t.o\n";
        assert_eq!(Makefile::parse(text).programs().len(), 1);
    }

    #[test]
    fn an_expansion_is_never_longer_than_its_bound() {
        let value = "a.o ".repeat(25_000);
        let text = format!("A = {value}\nB = $(A:.o={})\n", "x".repeat(1_000));
        let file = Makefile::parse(&text);
        for written in ["$(A)".repeat(30), format!("$(A:.o={})", "x".repeat(1_000)), "$(B)$(B)".to_owned()] {
            assert!(file.expand(&written).unwrap_or_default().len() <= LONGEST, "{}", written.len());
        }
        assert!(file.is_cut());
    }

    #[test]
    fn many_rules_that_name_one_long_value_are_cut() {
        let mut text = format!("A = {}\n", "a.o ".repeat(25_000));
        for rule in 0..2_000 {
            text.push_str(&format!("p{rule}: $(A)\n\tcc -o $@ $^\n"));
        }
        let file = Makefile::parse(&text);
        let parts: usize = file.programs().iter().map(|program| program.parts.len()).sum();
        assert!((1..=MOST_WORK / PART).contains(&parts), "{parts}");
        assert!(file.is_cut());
        assert_eq!(file.expand("$(A)"), None, "what is left unread stays so");
    }
}
