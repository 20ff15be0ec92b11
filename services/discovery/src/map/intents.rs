//! What the code is for, in a list.

use super::html::{sentence, text};
use crate::model::Model;
use crate::query::intents;
use crate::query::text::{number, plural};
use std::fmt::Write as _;

/// Intents that are listed.
const SHOWN: usize = 12;

/// The section's content.
pub(super) fn section(model: &Model) -> String {
    let answer = intents(model);
    if let Some(cause) = answer.declined {
        return format!("<p>No intents were looked for: {}.</p>\n", text(cause));
    }
    if answer.intents.is_empty() {
        return "<p>No intents: no cluster of files has enough to tell it from the others.</p>\n".to_owned();
    }
    let mut out = format!(
        "<p class=\"intro\">Files that use each other and change together, named by the words that tell them from the rest. A \
         heuristic: stability says how far a cluster comes again from other seeds. {} of {}; share of lines and references.</p>\n",
        answer.intents.len().min(SHOWN),
        plural(answer.intents.len() as u64, "intent"),
    );
    for note in &answer.not_known {
        let _ = writeln!(out, "<p class=\"basis\">{}</p>", sentence(note));
    }
    out.push_str("<ol class=\"intents\">\n");
    let most = answer.intents.first().map_or(1.0, |first| first.share.max(f64::MIN_POSITIVE));
    for row in answer.intents.iter().take(SHOWN) {
        let terms: Vec<String> = row.terms.iter().take(6).map(|term| text(term)).collect();
        let _ = writeln!(
            out,
            "<li><span class=\"gauge\" aria-hidden=\"true\"><span style=\"width:{:.1}%\"></span></span><b>{}</b> \
             <span class=\"figures\">{:.1} % · {} files · {} % stable</span><span class=\"terms\">{}</span></li>",
            row.share / most * 100.0,
            text(row.name),
            row.share,
            number(row.files.into()),
            row.stability,
            terms.join(", "),
        );
    }
    out.push_str("</ol>\n");
    out
}
