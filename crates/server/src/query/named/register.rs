//! Named queries in the register.

use serde_json::{Map, Value, json};
use store::{params, sql};

use super::definition::{Named, understood};
use crate::app::App;
use crate::identity::key::KeyHolder;
use crate::query::SIMPLE;
use crate::shared::{Fail, audit};
use crate::subscriptions;

/// Queries that one organisation keeps.
const MOST: i64 = 1_000;

/// What became of a new query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creating {
    Created,
    Exists,
    TooMany(i64),
}

/// Keeps a query under its name.
pub async fn create(app: &App, holder: &KeyHolder, named: &Named) -> Result<Creating, Fail> {
    let (owner, id) = (holder.organisation, app.id());
    let definition = Value::Object(named.definition.clone());
    let mut tx = app.store.begin().await?;
    let row = tx
        .query_one(
            sql!("SELECT COUNT(*) FROM named_query WHERE organisation = $1"),
            &params![owner],
        )
        .await?;
    if row.map_or(Ok(0), |row| row.get::<i64>(0))? >= MOST {
        return Ok(Creating::TooMany(MOST));
    }
    let created = tx
        .execute(
            sql!(
                "INSERT INTO named_query (id, organisation, name, definition, created_by, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"
            ),
            &params![id, owner, &*named.name, definition.to_string(), holder.made_by, app.now()],
        )
        .await?;
    if created == 0 {
        return Ok(Creating::Exists);
    }
    let change = audit::Change {
        subject_kind: "named_query",
        subject: id,
        action: "create",
        organisation: Some(owner),
        before: json!({}),
        after: json!({"name": named.name, "query": definition.to_string()}),
    };
    audit::record(app, &mut tx, holder.made_by, change).await?;
    tx.commit().await?;
    Ok(Creating::Created)
}

fn of_row(row: &store::Row) -> Result<Named, Fail> {
    let (name, definition): (String, String) = (row.at("name")?, row.at("definition")?);
    let definition: Map<String, Value> =
        serde_json::from_str(&definition).map_err(Fail::internal)?;
    let query = understood(&definition).ok_or_else(|| Fail::internal(format!("query {name}")))?;
    Ok(Named { name, definition, query })
}

/// Whether a query is kept for a subscription that a program made over SOAP: it has no name that anybody gave, is not shown,
/// and goes with its subscription. Names that are given have no “/”.
pub fn is_hidden(name: &str) -> bool {
    name.contains('/')
}

/// The query of a name; none of those that are hidden.
pub async fn load(app: &App, owner: i64, name: &str) -> Result<Option<Named>, Fail> {
    if is_hidden(name) { Ok(None) } else { load_kept(app, owner, name).await }
}

/// The query of a name, hidden or not: for the subscriptions to it.
pub async fn load_kept(app: &App, owner: i64, name: &str) -> Result<Option<Named>, Fail> {
    if name == SIMPLE {
        return Ok(Some(Named::simple()));
    }
    let row = app
        .store
        .find(
            sql!("SELECT name, definition FROM named_query WHERE organisation = $1 AND name = $2"),
            &params![owner, name],
        )
        .await?;
    row.as_ref().map(of_row).transpose()
}

/// Whether there still is a query of this name; none of those that are hidden.
pub async fn exists(app: &App, owner: i64, name: &str) -> Result<bool, Fail> {
    if name == SIMPLE || is_hidden(name) {
        return Ok(name == SIMPLE);
    }
    let row = app
        .store
        .find(
            sql!("SELECT id FROM named_query WHERE organisation = $1 AND name = $2"),
            &params![owner, name],
        )
        .await?;
    Ok(row.is_some())
}

/// Queries of an organisation after a name, in its order, without those that are hidden.
pub async fn list(app: &App, owner: i64, after: &str, limit: usize) -> Result<Vec<Named>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT name, definition FROM named_query WHERE organisation = $1 AND name > $2 AND name NOT LIKE '%/%'
                 ORDER BY name LIMIT $3"
            ),
            &params![owner, after, limit as i64],
        )
        .await?;
    rows.iter().map(of_row).collect()
}

/// Ends a query and every subscription to it; false where there is none.
pub async fn remove(app: &App, holder: &KeyHolder, name: &str) -> Result<bool, Fail> {
    let owner = holder.organisation;
    let mut tx = app.store.begin().await?;
    let row = tx
        .query_one(
            sql!("DELETE FROM named_query WHERE organisation = $1 AND name = $2 RETURNING id"),
            &params![owner, name],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    subscriptions::register::end_all_of(&mut tx, owner, name).await?;
    let change = audit::Change {
        subject_kind: "named_query",
        subject: row.get(0)?,
        action: "end",
        organisation: Some(owner),
        before: json!({"name": name}),
        after: json!({}),
    };
    audit::record(app, &mut tx, holder.made_by, change).await?;
    tx.commit().await?;
    Ok(true)
}
