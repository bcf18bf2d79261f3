//! Search without marks: every public thing is known by its folded words, and a prefix of a
//! word is a range of the key, which both engines answer from an index.

use store::{Tx, params, sql};

use crate::organisations::Organisation;
use crate::shared::Fail;

/// Writes the words of a thing anew. The first texts weigh more.
pub async fn index(tx: &mut Tx, kind: &str, subject: i64, texts: &[(&str, i64)]) -> Result<(), Fail> {
    tx.execute(sql!("DELETE FROM search_word WHERE kind = $1 AND subject = $2"), &params![kind, subject]).await?;
    let mut words: Vec<(String, i64)> = Vec::new();
    for (text, weight) in texts {
        for word in vietnam::tokens(text) {
            match words.iter_mut().find(|(known, _)| *known == word) {
                Some((_, heaviest)) => *heaviest = (*heaviest).max(*weight),
                None => words.push((word, *weight)),
            }
        }
    }
    for (word, weight) in words {
        tx.execute(
            sql!("INSERT INTO search_word (word, kind, subject, weight) VALUES ($1, $2, $3, $4)"),
            &params![word, kind, subject, weight],
        )
        .await?;
    }
    Ok(())
}

/// The words of an organisation.
pub async fn index_organisation(tx: &mut Tx, o: &Organisation) -> Result<(), Fail> {
    index(tx, "organisation", o.id, &[(&o.legal_name, 3), (&o.tax_code, 3), (&o.address(), 1)]).await
}
