//! Governance as whoever sits at the store's host has it: over the store itself.

use super::told::parsed;
use super::{Site, location};
use crate::cli::Globals;
use crate::failure::Failure;
use codexa_chassis::settings::{Secret, Settings, Sources};
use codexa_chassis::shutdown::Shutdown;
use codexa_governance::Governance;
use codexa_governance::identity::TokenKind;

/// Opens governance over the store of decisions, for what needs no token and must be possible though settings are broken.
pub(crate) async fn host(globals: &Globals) -> Result<Governance, Failure> {
    opened(&Site::though_broken(globals)?, &mut settings(), Vec::new()).await
}

/// The same for somebody, with their token: the one that they were given, else one of whoever sits at the host.
pub(crate) async fn host_for(globals: &Globals) -> Result<(Governance, Secret), Failure> {
    let mut settings = settings();
    let given = settings.secret("token")?;
    let tokens = parsed(settings.secret("tokens")?.as_ref())?;
    let governance = opened(&Site::of(globals)?, &mut settings, tokens).await?;
    let token = given.unwrap_or_else(|| {
        let operator = codexa_governance::secret();
        governance.know(TokenKind::Operator, "operator", &operator);
        Secret::new(operator)
    });
    Ok((governance, token))
}

fn settings() -> Settings {
    Settings::new(Sources::of_process([]))
}

async fn opened(
    site: &Site,
    settings: &mut Settings,
    tokens: Vec<(TokenKind, String, Secret)>,
) -> Result<Governance, Failure> {
    let needs = codexa_governance::serve::Settings {
        location: location(settings, site)?,
        project: site.project.clone(),
        project_id: site.id.clone(),
        reading: site.reading(),
        tokens,
    };
    Ok(codexa_governance::serve::open(needs, &Shutdown::new()).await?)
}
