//! What master data means for queries of events: the names below a name (`WD_readPoint`, `WD_bizLocation`), and the names
//! that have an attribute (`HASATTR_…`, `EQATTR_…`).

use std::collections::HashSet;

use epcis::query::FieldName;
use store::{Value, params, sql};

use super::{AT_ONCE, MOST, attribute_key, attribute_name, names_of, too_complex};
use crate::app::App;
use crate::shared::Fail;

/// The given names and all that an organisation has said to be below them, at any depth and in whatever vocabulary: the
/// same place is a read point to one document and a business location to the next. Names come back canonical, each once.
///
/// # Errors
/// [`Fail::Refused`] with 413 where they are more than [`MOST`].
pub async fn descendants(
    app: &App,
    organisation: i64,
    ids: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<Vec<String>, Fail> {
    let mut found: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for id in ids {
        for name in names_of(id.as_ref()) {
            if seen.insert(name.clone()) {
                found.push(name);
            }
        }
    }
    // A circle ends where everything in it has been seen.
    let mut asked = 0;
    while asked < found.len() {
        if found.len() > MOST {
            return Err(too_complex());
        }
        let some = &found[asked..found.len().min(asked + AT_ONCE)];
        asked += some.len();
        let mut values = params![organisation].to_vec();
        values.extend(some.iter().map(|name| Value::from(name.as_bytes())));
        values.resize(1 + AT_ONCE, Value::Bytes(Vec::new()));
        values.push(Value::Int(MOST as i64 + 1));
        let rows = app
            .store
            .query(
                sql!(
                    "SELECT DISTINCT child FROM vocabulary_child WHERE organisation = $1 AND element IN
                       ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) LIMIT $18"
                ),
                &values,
            )
            .await?;
        for row in &rows {
            let child = String::from_utf8(row.get(0)?).map_err(Fail::internal)?;
            if seen.insert(child.clone()) {
                found.push(child);
            }
        }
    }
    Ok(found)
}

/// The names of the elements that have an attribute, with one of these values where values are given. No vocabularies
/// mean all of them. Names come back canonical, in the order of their bytes.
///
/// # Errors
/// [`Fail::Refused`] with 413 where they are more than [`MOST`].
pub async fn with_attribute(
    app: &App,
    organisation: i64,
    vocabularies: &[&str],
    attribute: &str,
    values: Option<&[String]>,
) -> Result<Vec<String>, Fail> {
    let keys = having(app, organisation, &attribute_name(attribute), values).await?;
    let mut names: Vec<String> = keys
        .into_iter()
        .filter(|(kind, _)| vocabularies.is_empty() || vocabularies.contains(&kind.as_str()))
        .map(|(_, name)| name)
        .collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// Vocabulary and name of each element that has the attribute.
pub(super) async fn having(
    app: &App,
    organisation: i64,
    attribute: &FieldName,
    values: Option<&[String]>,
) -> Result<HashSet<(String, String)>, Fail> {
    let digests: Vec<Vec<u8>> = match values {
        None => vec![attribute_key(attribute, None)],
        Some(values) => values.iter().map(|value| attribute_key(attribute, Some(value))).collect(),
    };
    let mut found = HashSet::new();
    for digest in digests {
        let rows = app
            .store
            .query(
                sql!(
                    "SELECT kind, element FROM vocabulary_attribute WHERE organisation = $1 AND digest = $2 LIMIT $3"
                ),
                &params![organisation, digest, MOST as i64 + 1],
            )
            .await?;
        for row in &rows {
            let text = |column| String::from_utf8(row.get(column)?).map_err(Fail::internal);
            found.insert((text(0)?, text(1)?));
        }
        if found.len() > MOST {
            return Err(too_complex());
        }
    }
    Ok(found)
}
