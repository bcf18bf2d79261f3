//! Writing assertions: in the transaction of the capture job that brings them, before its events, since appending holds the
//! lock that numbers the log.

use std::collections::{BTreeMap, HashMap};

use epcis::VocabularyElement;
use epcis::master::canonical_name;
use sha2::{Digest, Sha256};
use store::{Tx, Value, params, sql};

use super::{AT_ONCE, attribute_key, attribute_name};
use crate::app::Micros;
use crate::capture::Caller;
use crate::shared::Fail;

/// What is current of an element.
struct Current {
    digest: Vec<u8>,
    valid_from: Micros,
}

/// Keeps what a document asserts; what says the same as the current assertion is not written again.
pub(crate) async fn record(
    tx: &mut Tx,
    caller: &Caller,
    job: &str,
    elements: &[VocabularyElement],
    now: Micros,
) -> Result<(), Fail> {
    if elements.is_empty() {
        return Ok(());
    }
    let organisation = caller.organisation;
    // Two documents of one organisation assert one after the other, so that there is one newest.
    let waiting = sql!("UPDATE organisation SET version = version WHERE id = $1");
    tx.execute(waiting, &params![organisation]).await?;
    let mut by_kind: BTreeMap<&str, Vec<(String, &VocabularyElement)>> = BTreeMap::new();
    for element in elements {
        by_kind.entry(&element.vocabulary).or_default().push((element.canonical_id(), element));
    }
    let (mut attributes, mut children) = (Vec::new(), Vec::new());
    for (kind, elements) in by_kind {
        let names: Vec<&str> = elements.iter().map(|(name, _)| name.as_str()).collect();
        let current = current(tx, organisation, kind, &names).await?;
        for (name, element) in elements {
            let body = element.to_json();
            let digest = Sha256::digest(&body).to_vec();
            let key = (kind.as_bytes(), name.as_bytes());
            let mut from = now;
            if let Some(known) = current.get(name.as_bytes()) {
                if known.digest == digest {
                    continue;
                }
                // The clock of another node may be ahead of ours.
                from = from.max(known.valid_from + 1);
                supersede(tx, organisation, key, from).await?;
            }
            tx.execute(
                sql!(
                    "INSERT INTO vocabulary_element (organisation, kind, element, valid_from, job, answers, digest, body)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                ),
                &params![organisation, key.0, key.1, from, job, caller.made_by, digest, body],
            )
            .await?;
            for attribute in element.attributes.iter().filter(|attribute| !attribute.is_null()) {
                let id = attribute_name(&attribute.id);
                let mut add = |value: Option<&str>| {
                    attributes.push([attribute_key(&id, value), kind.into(), name.clone().into()]);
                };
                add(None);
                attribute.texts().iter().for_each(|text| add(Some(text)));
            }
            for child in &element.children {
                let child = canonical_name(kind, child);
                children.push([name.clone().into_bytes(), kind.into(), child.into_bytes()]);
            }
        }
    }
    index_attributes(tx, organisation, &attributes).await?;
    index_children(tx, organisation, &children).await
}

/// The current assertions about some names of a vocabulary.
async fn current(
    tx: &mut Tx,
    organisation: i64,
    kind: &str,
    names: &[&str],
) -> Result<HashMap<Vec<u8>, Current>, Fail> {
    let mut found = HashMap::new();
    for some in names.chunks(AT_ONCE) {
        let mut values = params![organisation, kind.as_bytes()].to_vec();
        values.extend(some.iter().map(|name| Value::from(name.as_bytes())));
        // No name is empty.
        values.resize(2 + AT_ONCE, Value::Bytes(Vec::new()));
        let rows = tx
            .query(
                sql!(
                    "SELECT element, digest, valid_from FROM vocabulary_element
                     WHERE organisation = $1 AND kind = $2 AND valid_to IS NULL AND element IN
                       ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
                ),
                &values,
            )
            .await?;
        for row in &rows {
            found.insert(row.get(0)?, Current { digest: row.get(1)?, valid_from: row.get(2)? });
        }
    }
    Ok(found)
}

/// Ends the current assertion about an element, and takes it out of the indexes.
async fn supersede(
    tx: &mut Tx,
    organisation: i64,
    (kind, name): (&[u8], &[u8]),
    at: Micros,
) -> Result<(), Fail> {
    let ended = sql!(
        "UPDATE vocabulary_element SET valid_to = $4
         WHERE organisation = $1 AND kind = $2 AND element = $3 AND valid_to IS NULL"
    );
    tx.execute(ended, &params![organisation, kind, name, at]).await?;
    let attributes = sql!(
        "DELETE FROM vocabulary_attribute WHERE organisation = $1 AND kind = $2 AND element = $3"
    );
    tx.execute(attributes, &params![organisation, kind, name]).await?;
    let children =
        sql!("DELETE FROM vocabulary_child WHERE organisation = $1 AND kind = $2 AND element = $3");
    tx.execute(children, &params![organisation, kind, name]).await?;
    Ok(())
}

/// The parameters of a statement that writes [`AT_ONCE`] rows: the last row fills what is left, and is written once.
fn rows(organisation: i64, some: &[[Vec<u8>; 3]]) -> Vec<Value> {
    let mut values = params![organisation].to_vec();
    let last = some.last().into_iter().cycle().take(AT_ONCE - some.len());
    for row in some.iter().chain(last) {
        values.extend(row.iter().map(Value::from));
    }
    values
}

async fn index_attributes(
    tx: &mut Tx,
    organisation: i64,
    attributes: &[[Vec<u8>; 3]],
) -> Result<(), Fail> {
    for some in attributes.chunks(AT_ONCE) {
        tx.execute(
            sql!(
                "INSERT INTO vocabulary_attribute (organisation, digest, kind, element) VALUES
                   ($1, $2, $3, $4), ($1, $5, $6, $7), ($1, $8, $9, $10), ($1, $11, $12, $13), ($1, $14, $15, $16),
                   ($1, $17, $18, $19), ($1, $20, $21, $22), ($1, $23, $24, $25), ($1, $26, $27, $28), ($1, $29, $30, $31),
                   ($1, $32, $33, $34), ($1, $35, $36, $37), ($1, $38, $39, $40), ($1, $41, $42, $43), ($1, $44, $45, $46),
                   ($1, $47, $48, $49)
                 ON CONFLICT DO NOTHING"
            ),
            &rows(organisation, some),
        )
        .await?;
    }
    Ok(())
}

async fn index_children(
    tx: &mut Tx,
    organisation: i64,
    children: &[[Vec<u8>; 3]],
) -> Result<(), Fail> {
    for some in children.chunks(AT_ONCE) {
        tx.execute(
            sql!(
                "INSERT INTO vocabulary_child (organisation, element, kind, child) VALUES
                   ($1, $2, $3, $4), ($1, $5, $6, $7), ($1, $8, $9, $10), ($1, $11, $12, $13), ($1, $14, $15, $16),
                   ($1, $17, $18, $19), ($1, $20, $21, $22), ($1, $23, $24, $25), ($1, $26, $27, $28), ($1, $29, $30, $31),
                   ($1, $32, $33, $34), ($1, $35, $36, $37), ($1, $38, $39, $40), ($1, $41, $42, $43), ($1, $44, $45, $46),
                   ($1, $47, $48, $49)
                 ON CONFLICT DO NOTHING"
            ),
            &rows(organisation, some),
        )
        .await?;
    }
    Ok(())
}
