//! Search without marks: every public thing is known by its folded words, and a prefix of a
//! word is a range of the key, which both engines answer from an index.

use std::collections::HashMap;

use store::{Tx, params, sql};

use crate::app::App;
use crate::organisations::Organisation;
use crate::shared::Fail;

/// Writes the words of a thing anew. The first texts weigh more.
pub async fn index(
    tx: &mut Tx,
    kind: &str,
    subject: i64,
    texts: &[(&str, i64)],
) -> Result<(), Fail> {
    tx.execute(
        sql!("DELETE FROM search_term WHERE kind = $1 AND subject = $2"),
        &params![kind, subject],
    )
    .await?;
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
            sql!("INSERT INTO search_term (word, kind, subject, weight) VALUES ($1, $2, $3, $4)"),
            &params![word.into_bytes(), kind, subject, weight],
        )
        .await?;
    }
    Ok(())
}

/// The words of an organisation.
pub async fn index_organisation(tx: &mut Tx, o: &Organisation) -> Result<(), Fail> {
    index(tx, "organisation", o.id, &[(&o.legal_name, 3), (&o.tax_code, 3), (&o.address(), 1)])
        .await
}

/// Most words of a question that count.
const MOST_WORDS: usize = 6;
/// Most rows read for one word: bounds the work of a single letter.
const MOST_ROWS: i64 = 20_000;

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// `lot`, `product`, `organisation`.
    pub kind: String,
    pub subject: i64,
    /// The weights of the words that met, whole words doubled.
    pub score: i64,
}

/// Things that have all the words of a question, each as the beginning of one of theirs; best
/// first, newer before older.
pub async fn find(app: &App, question: &str) -> Result<Vec<Found>, Fail> {
    let mut words = vietnam::tokens(question);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words.truncate(MOST_WORDS);
    let mut scores: Option<HashMap<(String, i64), i64>> = None;
    // The longest word first: it is the rarest, and where it meets nothing the rest is not asked.
    for word in words {
        let mut met: HashMap<(String, i64), i64> = HashMap::new();
        for (kind, subject, weight) in having(app, &word).await? {
            let best = met.entry((kind, subject)).or_insert(0);
            *best = (*best).max(weight);
        }
        let joined: HashMap<(String, i64), i64> = match scores {
            None => met,
            Some(before) => before
                .into_iter()
                .filter_map(|(thing, score)| Some((thing.clone(), score + met.get(&thing)?)))
                .collect(),
        };
        if joined.is_empty() {
            return Ok(Vec::new());
        }
        scores = Some(joined);
    }
    let mut found: Vec<Found> = scores
        .unwrap_or_default()
        .into_iter()
        .map(|((kind, subject), score)| Found { kind, subject, score })
        .collect();
    // Identifiers grow with time.
    found.sort_by_key(|one| std::cmp::Reverse((one.score, one.subject)));
    Ok(found)
}

/// What has a word that begins so: kind, subject, weight.
async fn having(app: &App, prefix: &str) -> Result<Vec<(String, i64, i64)>, Fail> {
    // No byte of UTF-8 is 0xFF.
    let after = [prefix.as_bytes(), &[0xFF]].concat();
    let rows = app
        .store
        .query(
            sql!(
                "SELECT word, kind, subject, weight FROM search_term WHERE word >= $1 AND word < $2
                 ORDER BY word LIMIT $3"
            ),
            &params![prefix.as_bytes(), after, MOST_ROWS],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let word: Vec<u8> = row.get(0)?;
            let weight: i64 = row.get(3)?;
            let whole = word == prefix.as_bytes();
            Ok((row.get(1)?, row.get(2)?, if whole { weight * 2 } else { weight }))
        })
        .collect()
}
