//! The one written form of a directive.

use crate::directive::{Directive, TargetKind};
use crate::targets::written;
use crate::tokens::tokenise;
use crate::verb::Verb;
use std::fmt;

impl Directive {
    /// The one written form of this directive, which reads back as the same directive.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.to_string()
    }

    /// The target, where it is not the one that is meant without words.
    fn named(&self) -> Option<String> {
        let implied = match self.verb {
            Verb::Open | Verb::Discover | Verb::Status | Verb::Ask => TargetKind::Project,
            Verb::Show if self.args.view.is_some() => TargetKind::Project,
            _ => return self.target.as_ref().map(written),
        };
        self.target.as_ref().filter(|target| target.kind != implied).map(written)
    }
}

impl fmt::Display for Directive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args = &self.args;
        let target = self.named();
        f.write_str(self.verb.word())?;
        match self.verb {
            Verb::Open => {
                f.write_str(" change")?;
                part(f, " for ", target.as_ref())?;
                return part(f, ": ", args.title.as_ref());
            }
            Verb::Ask => {
                part(f, " ", args.to.as_ref())?;
                part(f, " about ", target.as_ref())?;
                return part(f, ": ", args.question.as_ref());
            }
            Verb::Answer => {
                part(f, " ", target.as_ref())?;
                return part(f, ": ", args.text.as_ref());
            }
            Verb::Raise => {
                part(f, " ", args.severity.map(|severity| severity.word()).as_ref())?;
                part(f, " concern on ", target.as_ref())?;
                return part(f, ": ", args.reason.as_ref());
            }
            _ => {}
        }
        let head = self.gate.map(|gate| gate.word()).or(args.view.map(|view| view.word()));
        part(f, " ", head.as_ref())?;
        part(f, if head.is_some() { " for " } else { " " }, target.as_ref())?;
        part(f, " to ", args.to.as_ref())?;
        if let Some(mode) = args.mode {
            write!(f, " in {} mode", mode.word())?;
        }
        part(f, " until ", args.until.as_ref())?;
        let Some(reason) = &args.reason else { return Ok(()) };
        // "because of" is one marker: behind it a reason would lose its first word.
        let of = tokenise(reason).first().is_some_and(|token| token.word == "of");
        let marker = if of { " reason: " } else { " because " };
        part(f, marker, Some(reason))
    }
}

fn part(f: &mut fmt::Formatter<'_>, before: &str, what: Option<&impl fmt::Display>) -> fmt::Result {
    what.map_or(Ok(()), |what| write!(f, "{before}{what}"))
}
