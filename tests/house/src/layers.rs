//! Imports point down: who may depend on whom.

use crate::Workspace;

/// Each package of the house with the packages of the house that it may depend on. A package that is not in this
/// table is not in the house: adding one is a decision about where it stands.
const LAYERS: &[(&str, &[&str])] = &[
    ("codexa-model", &[]),
    ("codexa-config", &["codexa-model"]),
    ("codexa-project", &["codexa-model", "codexa-config"]),
    ("codexa-syntax", &["codexa-model"]),
    ("codexa-resolve", &["codexa-model"]),
    ("codexa-history", &[]),
    ("codexa-profiles", &["codexa-model", "codexa-syntax"]),
    ("codexa-directive", &[]),
    ("codexa-ledger", &[]),
    ("codexa-secret", &[]),
    ("codexa-proto", &["codexa-directive"]),
    ("codexa-api", &["codexa-directive"]),
    ("codexa-client", &["codexa-api", "codexa-secret"]),
    ("codexa-chassis", &["codexa-secret"]),
    // Its stubs of the gateway and of chat platforms speak the contract.
    ("codexa-testkit", &["codexa-api", "codexa-directive"]),
    (
        "codexa-discovery",
        &[
            "codexa-model",
            "codexa-config",
            "codexa-project",
            "codexa-syntax",
            "codexa-resolve",
            "codexa-history",
            "codexa-proto",
            "codexa-chassis",
        ],
    ),
    (
        "codexa-governance",
        &[
            "codexa-model",
            "codexa-config",
            "codexa-project",
            "codexa-directive",
            "codexa-ledger",
            "codexa-proto",
            "codexa-chassis",
        ],
    ),
    ("codexa-planner", &["codexa-model", "codexa-project", "codexa-proto", "codexa-chassis"]),
    ("codexa-gateway", &["codexa-directive", "codexa-api", "codexa-proto", "codexa-chassis"]),
    ("codexa-chat", &["codexa-api", "codexa-client", "codexa-directive", "codexa-secret"]),
    // `chassis` for its bounds on what strangers send.
    (
        "codexa-slack",
        &["codexa-chassis", "codexa-api", "codexa-client", "codexa-chat", "codexa-directive", "codexa-secret"],
    ),
    // `model` for the one list of characters that hide or reorder text.
    ("codexa-discord", &["codexa-model", "codexa-api", "codexa-client", "codexa-chat", "codexa-secret"]),
    (
        "codexa",
        &[
            "codexa-model",
            "codexa-config",
            "codexa-project",
            "codexa-syntax",
            "codexa-resolve",
            "codexa-profiles",
            "codexa-directive",
            "codexa-ledger",
            "codexa-proto",
            "codexa-api",
            "codexa-client",
            "codexa-chassis",
            "codexa-discovery",
            "codexa-governance",
            "codexa-planner",
            "codexa-gateway",
            "codexa-slack",
            "codexa-discord",
        ],
    ),
    // `discovery` for the figures of a ranking, so that both sides of the evidence are counted the same.
    ("codexa-bench", &["codexa-model", "codexa-syntax", "codexa-project", "codexa-history", "codexa-discovery"]),
    ("codexa-house", &[]),
];

/// What tests may use beside what their package stands on.
const FOR_TESTS: &str = "codexa-testkit";

/// Dependencies that do not point down, and packages that have no place in the table.
#[must_use]
pub fn imports_point_down(workspace: &Workspace) -> Vec<String> {
    let mut broken = Vec::new();
    for member in &workspace.members {
        let Some((_, below)) = LAYERS.iter().find(|(name, _)| *name == member.name) else {
            broken.push(format!("{} has no place in the table of tests/house/src/layers.rs", member.name));
            continue;
        };
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for (dependency, _) in member.dependencies(kind) {
                let ours = workspace.members.iter().any(|other| other.name == dependency);
                let tests = kind == "dev-dependencies" && dependency == FOR_TESTS;
                if ours && !tests && !below.contains(&dependency) {
                    broken.push(format!("{} may not depend on {dependency} ({}/Cargo.toml)", member.name, member.dir));
                }
            }
        }
    }
    broken
}

/// The folders say the same as the table: crates never depend on services or adapters, services never on each other.
#[must_use]
pub fn folders_keep_apart(workspace: &Workspace) -> Vec<String> {
    let folder = |name: &str| {
        let member = workspace.members.iter().find(|member| member.name == name)?;
        member.dir.split('/').next()
    };
    let mut broken = Vec::new();
    for member in &workspace.members {
        let above: &[&str] = match member.dir.split('/').next() {
            Some("crates") => &["services", "adapters"],
            Some("services") => &["services", "adapters"],
            _ => continue,
        };
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for (dependency, _) in member.dependencies(kind) {
                if folder(dependency).is_some_and(|folder| above.contains(&folder)) {
                    broken.push(format!("{} reaches up to {dependency} ({}/Cargo.toml)", member.name, member.dir));
                }
            }
        }
    }
    broken
}
