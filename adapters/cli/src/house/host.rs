//! Governance as whoever sits at the store's host has it: over the store itself, without a token.

use super::{Site, location};
use crate::cli::Globals;
use crate::failure::Failure;
use codexa_chassis::settings::{Settings, Sources};
use codexa_chassis::shutdown::Shutdown;
use codexa_governance::Governance;

/// Opens governance over the store of decisions.
pub(crate) async fn host(globals: &Globals) -> Result<Governance, Failure> {
    let site = Site::though_broken(globals)?;
    let mut settings = Settings::new(Sources::of_process([]));
    let needs = codexa_governance::serve::Settings {
        location: location(&mut settings, &site)?,
        project: site.project.clone(),
        project_id: site.id.clone(),
        reading: site.reading(),
        tokens: Vec::new(),
    };
    Ok(codexa_governance::serve::open(needs, &Shutdown::new()).await?)
}
