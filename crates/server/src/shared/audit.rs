//! The audit trail of the register: who changed what, when, from what to what, and for whom.
//! Rows are only ever added, in the transaction of the change itself.

use serde_json::Value as Json;
use store::{Tx, params, sql};

use crate::app::App;
use crate::shared::Fail;

/// One change, before it is written.
pub struct Change<'a> {
    pub subject_kind: &'a str,
    pub subject: i64,
    pub action: &'a str,
    /// The organisation whose data it is, where there is one.
    pub organisation: Option<i64>,
    pub before: Json,
    pub after: Json,
}

/// Writes a change into the trail.
pub async fn record(app: &App, tx: &mut Tx, actor: i64, change: Change<'_>) -> Result<(), Fail> {
    tx.execute(
        sql!(
            "INSERT INTO audit (subject_kind, subject, id, at, actor, organisation, action, before_state, after_state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &params![
            change.subject_kind,
            change.subject,
            app.id(),
            app.now(),
            actor,
            change.organisation,
            change.action,
            change.before.to_string(),
            change.after.to_string()
        ],
    )
    .await?;
    Ok(())
}

/// One line of a record's history tab.
pub struct Line {
    pub at: i64,
    pub who: String,
    pub action: String,
    /// Field, value before, value after: only what differs.
    pub differences: Vec<(String, String, String)>,
}

/// The history of one record, newest first.
pub async fn history(app: &App, kind: &str, subject: i64) -> Result<Vec<Line>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT a.at, account.name, a.action, a.before_state, a.after_state
                 FROM audit a JOIN account ON account.id = a.actor
                 WHERE a.subject_kind = $1 AND a.subject = $2 ORDER BY a.id DESC LIMIT 200"
            ),
            &params![kind, subject],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let before: String = row.get(3)?;
            let after: String = row.get(4)?;
            Ok(Line {
                at: row.get(0)?,
                who: row.get(1)?,
                action: row.get(2)?,
                differences: differences(&before, &after),
            })
        })
        .collect()
}

fn differences(before: &str, after: &str) -> Vec<(String, String, String)> {
    let read = |text: &str| match serde_json::from_str(text) {
        Ok(Json::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    let shown = |value: Option<&Json>| match value {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let (before, after) = (read(before), read(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|name| (name.clone(), shown(before.get(name)), shown(after.get(name))))
        .filter(|(_, before, after)| before != after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::differences;

    #[test]
    fn only_fields_that_changed_are_shown() {
        let found = differences(r#"{"a":1,"b":"x"}"#, r#"{"a":1,"b":"y","c":true}"#);
        assert_eq!(
            found,
            [("b".into(), "x".into(), "y".into()), ("c".into(), String::new(), "true".into())]
        );
    }
}
