//! The control plane that a project asks for.

use crate::chain::{self, Link};
use crate::control_plane;
use crate::merge::{Resolved, lookup};
use crate::options::Options;
use codexa_model::Diagnostic;
use std::collections::BTreeMap;

/// Whether the control plane is there in a version that the project asks for.
pub(crate) fn control_plane_version(
    values: &BTreeMap<String, Resolved>,
    options: &Options,
    links: &[Link],
) -> Option<Diagnostic> {
    let wanted = values.get("control_plane.version")?;
    let text = wanted.value.as_str()?;
    let requirement = semver::VersionReq::parse(text).ok()?;
    let plane = options.control_plane();
    let problem = match plane.as_deref().map(control_plane::version) {
        Some(Ok(version)) if requirement.matches(&version) => return None,
        Some(Ok(version)) => Diagnostic::error(
            "CONFIG_CONTROL_PLANE_VERSION",
            format!("the control plane is version {version}, the project asks for {text}"),
        )
        .with_help("`codexa control-plane sync` brings a newer one, or change `control_plane.version`"),
        Some(Err(error)) => Diagnostic::error(
            "CONFIG_CONTROL_PLANE_MISSING",
            format!("the project asks for control plane {text}: {error}"),
        )
        .with_help("`codexa control-plane sync SOURCE` or `codexa control-plane init`"),
        None => Diagnostic::error(
            "CONFIG_CONTROL_PLANE_MISSING",
            format!("the project asks for control plane {text}, but HOME is not set"),
        ),
    };
    let place = links.iter().rev().find_map(|link| {
        let (node, _) = lookup(&link.tree, "control_plane.version")?;
        Some(chain::location(&link.source, node.span, None))
    });
    Some(match place {
        Some(place) => problem.at(place),
        None => problem,
    })
}
