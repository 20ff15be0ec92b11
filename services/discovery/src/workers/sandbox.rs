//! What a worker gives up before it looks at a stranger's file: to write into files, to make, rename or remove them, to run
//! programs, to connect over TCP. Grammars are C code, and a file may make one of them do what it wants. Left to it are what
//! Landlock has no rules for: to read, other sockets, and the mode and times of files.

use landlock::{ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetError, Scope};
use std::fmt;

/// The newest rules that are asked for; a kernel that knows fewer keeps to those (files from 5.13, connections from 6.7).
const RULES: ABI = ABI::V6;

/// Gives it up for good, as far as the kernel has Landlock. Pipes that are open already stay as they are.
pub(super) fn enter() {
    // A system without it is not refused: processes with limits are what every system has.
    let _ = restrict();
}

fn restrict() -> Result<(), RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_write(RULES) | AccessFs::Execute)?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))?
        .create()?
        .restrict_self()?;
    Ok(())
}

/// What this kernel can keep a worker from, beside the limits of memory and time that each has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confinement {
    /// Nothing: it has no Landlock.
    None,
    /// Writing files and running programs.
    Files,
    /// The same, and TCP.
    FilesAndConnections,
}

impl Confinement {
    /// What the running kernel can do.
    #[must_use]
    pub fn of_this_kernel() -> Self {
        let knows = |rules: Result<Ruleset, RulesetError>| rules.and_then(Ruleset::create).is_ok();
        let strict = || Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
        if knows(strict().handle_access(AccessNet::from_all(ABI::V4))) {
            Self::FilesAndConnections
        } else if knows(strict().handle_access(AccessFs::from_all(ABI::V3))) {
            Self::Files
        } else {
            Self::None
        }
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "limits of memory and time; this kernel has no Landlock to keep them from more",
            Self::Files => "limits of memory and time; kept from writing files and running programs",
            Self::FilesAndConnections => "limits of memory and time; kept from writing files, running programs and TCP",
        })
    }
}
