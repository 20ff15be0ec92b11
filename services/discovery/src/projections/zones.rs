//! The sections `history` and `zones` of `system_manifest.yaml`.

use super::system::count;
use crate::model::Model;
use crate::query::{tested_together, zones};
use codexa_model::manifest::{Flow, HistorySummary, ZoneEntry, ZonesSummary};

/// What was read of the past; nothing where it was not.
pub(super) fn history(model: &Model) -> Option<HistorySummary> {
    let history = model.history.as_ref()?;
    Some(HistorySummary {
        commits: history.commits,
        fixes: history.repairs,
        weeks: history.weeks,
        ahead: history.ahead,
        truck_factor: history.truck.iter().map(|person| history.name(*person).to_owned()).collect(),
        pairs: count(history.counted_couplings().pairs.len()),
        pairs_tested: tested_together(history).says,
        pairs_withheld: history.withholds_co_change(),
        cuts: history.cuts(),
    })
}

/// Where to begin; nothing where the past was not read.
pub(super) fn summary(model: &Model) -> Option<ZonesSummary> {
    model.zones.as_ref()?;
    let answer = zones(model);
    let entry = |zone: crate::query::ZoneRow<'_>| {
        Flow(ZoneEntry {
            id: zone.id.to_owned(),
            place: zone.place.to_owned(),
            readiness: zone.readiness.to_owned(),
            intent: zone.intent.map(str::to_owned),
            lines: zone.lines,
            commits: zone.commits,
            fixes: zone.repairs,
        })
    };
    Some(ZonesSummary {
        tested: answer.backtest.map(|test| test.says).unwrap_or_default(),
        withheld: answer.withheld,
        all: answer.all,
        shown: answer.zones.into_iter().map(entry).collect(),
    })
}
