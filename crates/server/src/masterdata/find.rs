//! Elements by what is asked of them: by vocabulary, name, attribute and time.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use epcis::VocabularyElement;
use store::{Row, Value, params, sql};

use super::hierarchy::{descendants, having};
use super::{AT_ONCE, MOST, attribute_name, names_of};
use crate::app::{App, Micros};
use crate::shared::Fail;

/// Rows read in one statement.
const PAGE: usize = 1_000;

/// An assertion about an element.
#[derive(Debug, Clone)]
pub struct Element {
    /// Its name in the form in which events are found by it.
    pub name: String,
    pub said: VocabularyElement,
    pub asserted_at: Micros,
    /// When a newer assertion took its place.
    pub superseded_at: Option<Micros>,
    /// The capture job that brought it.
    pub job: String,
}

impl Element {
    pub(super) fn of_row(row: &Row) -> Result<Element, Fail> {
        let body: String = row.at("body")?;
        let said = VocabularyElement::parse(&body)
            .ok_or_else(|| Fail::internal("master data that cannot be read"))?;
        Ok(Element {
            name: String::from_utf8(row.at("element")?).map_err(Fail::internal)?,
            said,
            asserted_at: row.at("valid_from")?,
            superseded_at: row.at("valid_to")?,
            job: row.at("job")?,
        })
    }
}

/// What is asked of the current elements of an organisation; all of it must hold, and of each list one.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Types of vocabularies; none: all.
    pub vocabularies: Vec<String>,
    pub names: Option<Vec<String>>,
    /// These names and all below them.
    pub within: Option<Vec<String>>,
    pub has_attribute: Option<Vec<String>>,
    /// Attributes with the values that are asked for.
    pub attribute_is: Vec<(String, Vec<String>)>,
}

/// Elements, or that there are more than asked for.
pub enum Selected {
    Elements(Vec<Element>),
    TooMany,
}

/// The current elements that a selection means, by vocabulary and name; at most `most`.
pub async fn select(
    app: &App,
    organisation: i64,
    selection: &Selection,
    most: usize,
) -> Result<Selected, Fail> {
    let kinds: Vec<String> = selection
        .vocabularies
        .iter()
        .map(|kind| epcis::master::canonical_type(kind).into_owned())
        .collect();
    let mut keys = candidates(app, organisation, selection).await?;
    let Some(keys) = &mut keys else { return all(app, organisation, &kinds, most).await };
    keys.retain(|(kind, _)| kinds.is_empty() || kinds.contains(kind));
    if keys.len() > most {
        return Ok(Selected::TooMany);
    }
    let mut by_kind: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (kind, name) in &*keys {
        by_kind.entry(kind).or_default().push(name);
    }
    let mut found = Vec::new();
    for (kind, mut names) in by_kind {
        names.sort_unstable();
        for some in names.chunks(AT_ONCE) {
            let mut values = params![organisation, kind.as_bytes()].to_vec();
            values.extend(some.iter().map(|name| Value::from(name.as_bytes())));
            values.resize(2 + AT_ONCE, Value::Bytes(Vec::new()));
            let rows = app
                .store
                .query(
                    sql!(
                        "SELECT * FROM vocabulary_element
                         WHERE organisation = $1 AND kind = $2 AND valid_to IS NULL AND element IN
                           ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
                         ORDER BY element"
                    ),
                    &values,
                )
                .await?;
            for row in &rows {
                found.push(Element::of_row(row)?);
            }
        }
    }
    Ok(Selected::Elements(found))
}

/// Vocabulary and name of the elements that names and attributes leave; nothing where neither is asked for.
async fn candidates(
    app: &App,
    organisation: i64,
    selection: &Selection,
) -> Result<Option<HashSet<(String, String)>>, Fail> {
    let mut keys: Option<HashSet<(String, String)>> = None;
    let mut narrow = |found: HashSet<(String, String)>| {
        keys = Some(match keys.take() {
            None => found,
            Some(before) => &before & &found,
        });
    };
    if let Some(names) = &selection.names {
        let names = names.iter().flat_map(|name| names_of(name)).collect();
        narrow(named(app, organisation, names).await?);
    }
    if let Some(names) = &selection.within {
        let names = descendants(app, organisation, names).await?;
        narrow(named(app, organisation, names.into_iter().collect()).await?);
    }
    if let Some(attributes) = &selection.has_attribute {
        let mut found = HashSet::new();
        for attribute in attributes {
            found.extend(having(app, organisation, &attribute_name(attribute), None).await?);
        }
        narrow(found);
    }
    for (attribute, values) in &selection.attribute_is {
        narrow(having(app, organisation, &attribute_name(attribute), Some(values)).await?);
    }
    Ok(keys)
}

/// Vocabulary and name of the current elements that bear one of these names.
async fn named(
    app: &App,
    organisation: i64,
    names: BTreeSet<String>,
) -> Result<HashSet<(String, String)>, Fail> {
    let mut found = HashSet::new();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for some in names.chunks(AT_ONCE) {
        let mut values = params![organisation].to_vec();
        values.extend(some.iter().map(|name| Value::from(name.as_bytes())));
        values.resize(1 + AT_ONCE, Value::Bytes(Vec::new()));
        let rows = app
            .store
            .query(
                sql!(
                    "SELECT kind, element FROM vocabulary_element
                     WHERE organisation = $1 AND valid_to IS NULL AND element IN
                       ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
                ),
                &values,
            )
            .await?;
        for row in &rows {
            let text = |column| String::from_utf8(row.get(column)?).map_err(Fail::internal);
            found.insert((text(0)?, text(1)?));
        }
    }
    Ok(found)
}

/// Everything current of some vocabularies.
async fn all(
    app: &App,
    organisation: i64,
    kinds: &[String],
    most: usize,
) -> Result<Selected, Fail> {
    let kinds: BTreeSet<String> = if kinds.is_empty() {
        vocabularies(app, organisation).await?.into_iter().map(|(kind, _)| kind).collect()
    } else {
        kinds.iter().cloned().collect()
    };
    let mut found = Vec::new();
    for kind in &kinds {
        let mut after = String::new();
        loop {
            let limit = PAGE.min(most + 1 - found.len());
            let page = page(app, organisation, kind, &after, None, limit).await?;
            let full = page.len() == limit;
            found.extend(page);
            if found.len() > most {
                return Ok(Selected::TooMany);
            }
            match found.last() {
                Some(last) if full => after.clone_from(&last.name),
                _ => break,
            }
        }
    }
    Ok(Selected::Elements(found))
}

/// The types of the vocabularies in which an organisation has elements, with how many.
pub async fn vocabularies(app: &App, organisation: i64) -> Result<Vec<(String, i64)>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT kind, COUNT(*) FROM vocabulary_element WHERE organisation = $1 AND valid_to IS NULL
                 GROUP BY kind ORDER BY kind LIMIT $2"
            ),
            &params![organisation, MOST as i64],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((String::from_utf8(row.get(0)?).map_err(Fail::internal)?, row.get(1)?)))
        .collect()
}

/// The elements of a vocabulary whose names come after one, in the order of their bytes: the current ones, or those that
/// were current at a time.
pub async fn page(
    app: &App,
    organisation: i64,
    kind: &str,
    after: &str,
    at: Option<Micros>,
    limit: usize,
) -> Result<Vec<Element>, Fail> {
    let (kind, after) = (kind.as_bytes(), after.as_bytes());
    let rows = match at {
        None => {
            let current = sql!(
                "SELECT * FROM vocabulary_element
                 WHERE organisation = $1 AND kind = $2 AND element > $3 AND valid_to IS NULL
                 ORDER BY element LIMIT $4"
            );
            app.store.query(current, &params![organisation, kind, after, limit as i64]).await?
        }
        Some(at) => {
            let then = sql!(
                "SELECT * FROM vocabulary_element
                 WHERE organisation = $1 AND kind = $2 AND element > $3 AND valid_from <= $4
                   AND (valid_to IS NULL OR valid_to > $4)
                 ORDER BY element LIMIT $5"
            );
            app.store.query(then, &params![organisation, kind, after, at, limit as i64]).await?
        }
    };
    rows.iter().map(Element::of_row).collect()
}

/// All that was said of an element, the newest first; at most `limit`, from before a time where one is given.
pub async fn assertions(
    app: &App,
    organisation: i64,
    kind: &str,
    name: &str,
    before: Option<Micros>,
    limit: usize,
) -> Result<Vec<Element>, Fail> {
    let name = epcis::master::canonical_name(kind, name);
    let rows = app
        .store
        .query(
            sql!(
                "SELECT * FROM vocabulary_element
                 WHERE organisation = $1 AND kind = $2 AND element = $3 AND valid_from < $4
                 ORDER BY valid_from DESC LIMIT $5"
            ),
            &params![
                organisation,
                kind.as_bytes(),
                name.as_bytes(),
                before.unwrap_or(Micros::MAX),
                limit as i64
            ],
        )
        .await?;
    rows.iter().map(Element::of_row).collect()
}
