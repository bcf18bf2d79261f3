//! The audit trail of the register: who changed what, when, from what to what, and for whom.
//! Rows are only ever added, in the transaction of the change itself.

use serde_json::Value as Json;
use store::{Tx, params, sql};

use crate::app::App;
use crate::shared::{Fail, L, history};

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
    kind: String,
    /// Code of what was done.
    pub action: String,
    before: Map,
    after: Map,
}

type Map = serde_json::Map<String, Json>;

impl Line {
    /// What was done, in words.
    pub fn title(&self, l: &L) -> String {
        history::action(*l, &self.action).to_owned()
    }

    /// Whether there was nothing before, so that every value is new.
    pub fn is_first(&self) -> bool {
        self.before.is_empty()
    }

    /// Field, value before, value after, in words: only what differs.
    pub fn differences(&self, l: &L) -> Vec<(String, String, String)> {
        let mut names: Vec<&String> = self.before.keys().chain(self.after.keys()).collect();
        names.sort();
        names.dedup();
        let told = |map: &Map, name: &str| history::value(*l, &self.kind, name, map.get(name));
        names
            .into_iter()
            .filter(|name| !history::inner(name) && self.before.get(*name) != self.after.get(*name))
            .map(|name| {
                let words = history::field(*l, name).to_owned();
                (words, told(&self.before, name), told(&self.after, name))
            })
            .filter(|(_, before, after)| !(before.is_empty() && after.is_empty()))
            .collect()
    }
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
            Ok(Line {
                at: row.get(0)?,
                who: row.get(1)?,
                kind: kind.to_owned(),
                action: row.get(2)?,
                before: map(&row.get::<String>(3)?),
                after: map(&row.get::<String>(4)?),
            })
        })
        .collect()
}

fn map(text: &str) -> Map {
    match serde_json::from_str(text) {
        Ok(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use gs1::Lang;

    use super::{L, Line, map};

    #[test]
    fn only_fields_that_changed_are_shown_and_in_words() {
        let line = Line {
            at: 0,
            who: String::new(),
            kind: "product".into(),
            action: "update".into(),
            before: map(r#"{"name":"Gạo","brand":"x","no_brand":false,"lot":1}"#),
            after: map(r#"{"name":"Gạo","brand":"y","no_brand":true,"lot":2}"#),
        };
        assert_eq!(line.title(&L(Lang::Vi)), "Sửa thông tin");
        assert_eq!(
            line.differences(&L(Lang::Vi)),
            [
                ("Thương hiệu".into(), "x".into(), "y".into()),
                ("Không có thương hiệu".into(), "không".into(), "có".into())
            ]
        );
    }
}
