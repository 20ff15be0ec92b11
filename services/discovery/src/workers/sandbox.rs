//! What a worker gives up before it looks at a stranger's file: to write, to run programs, to open connections. Grammars are
//! C code; should a file make one of them do what it wants, it can read, and answer on the pipe, and nothing else.

use landlock::{ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetError, Scope};

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
