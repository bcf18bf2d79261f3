//! `GET /suggest/communes?q=…`: communes of today for what somebody types, old names included.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use serde_json::json;
use vietnam::units::{Hit, full_address};

use crate::api::{Operation, list};
use crate::app::App;
use crate::shared::guard::Visit;
use crate::shared::{Fail, limit};

/// Characters that are looked at.
const LONGEST: usize = 100;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
pub struct Suggestion {
    value: String,
    label: String,
    detail: String,
    /// The former commune that was typed, where one was.
    old: String,
}

pub(super) fn says() -> Operation {
    let typed = json!({"type": "string", "maxLength": LONGEST});
    Operation::new("suggestCommunes", "Communes of today for a name, old or new")
        .takes("query", "q", "", &typed)
        .answers_json("Suggestions", list(&json!({"type": "object"})))
}

pub async fn communes(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Suggestion>>, Fail> {
    if !app.limiter.allow(&format!("suggest {}", visit.address), limit::API, app.now()) {
        return Err(Fail::TooMany);
    }
    let typed: String = asked.q.chars().take(LONGEST).collect();
    let mut found = Vec::new();
    for hit in vietnam::units::find(&typed, 8) {
        match hit {
            Hit::New(unit) => found.push(Suggestion {
                value: unit.code.to_owned(),
                label: full_address(unit),
                detail: String::new(),
                old: String::new(),
            }),
            Hit::Old { unit, successors } => {
                for commune in successors.communes() {
                    found.push(Suggestion {
                        value: commune.code.to_owned(),
                        label: full_address(commune),
                        detail: format!(
                            "{} {}",
                            visit.l.t("trước đây:", "formerly:"),
                            unit.full_address()
                        ),
                        old: unit.code.to_owned(),
                    });
                }
            }
        }
    }
    found.truncate(12);
    Ok(Json(found))
}
