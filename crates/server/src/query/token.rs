//! The token of the next page: the place where the last one ended, the head of the log when the
//! first one was asked for, and a mark of the query it belongs to. Opaque to clients.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use epcis::Query;
use sha2::{Digest, Sha256};
use store::{Seq, Token};

/// Where a walk through the answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: Token,
    /// The answer as known when the walk began.
    pub(super) upto: Seq,
    /// Events given out so far, for `eventCountLimit`.
    pub(super) given: u64,
}

/// A mark of the question itself, so that a token is not used for another one.
fn mark(query: &Query, reader: i64) -> u64 {
    let mut question = query.clone();
    question.next_page_token = None;
    question.per_page = None;
    let digest = Sha256::digest(format!("{reader} {question:?}"));
    digest.iter().take(8).fold(0, |mark, byte| mark << 8 | u64::from(*byte))
}

pub(super) fn write(place: Place, query: &Query, reader: i64) -> String {
    let Place { at, upto, given } = place;
    let mark = mark(query, reader);
    URL_SAFE_NO_PAD.encode(format!("{}.{}.{}.{given}.{mark:x}", at.sort, at.seq.0, upto.0))
}

pub(super) fn read(token: &str, query: &Query, reader: i64) -> Option<Place> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let parts: Vec<&str> = text.split('.').collect();
    let [sort, seq, upto, given, found] = parts.as_slice() else { return None };
    if *found != format!("{:x}", mark(query, reader)) {
        return None;
    }
    Some(Place {
        at: Token { sort: sort.parse().ok()?, seq: Seq(seq.parse().ok()?) },
        upto: Seq(upto.parse().ok()?),
        given: given.parse().ok()?,
    })
}

/// A place together with the prefixes that the names in its query are written with: `place~prefixes`.
pub(super) fn with_prefixes(place: String, prefixes: &str) -> String {
    if prefixes.is_empty() { place } else { format!("{place}~{prefixes}") }
}

/// The place alone.
pub(super) fn without_prefixes(place: &str) -> &str {
    place.split_once('~').map_or(place, |(place, _)| place)
}

/// The prefixes that a client's token holds: `expires~place~prefixes`.
pub(super) fn prefixes(token: &str) -> &str {
    token.splitn(3, '~').nth(2).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_only_the_query_it_was_given_for() {
        let query = Query::parse([("EQ_bizStep", "shipping")]).expect("a query");
        let other = Query::parse([("EQ_bizStep", "receiving")]).expect("a query");
        let place = Place { at: Token { sort: -5, seq: Seq(7) }, upto: Seq(9), given: 30 };
        let token = write(place, &query, 1);
        assert_eq!(read(&token, &query, 1), Some(place));
        assert_eq!(read(&token, &other, 1), None);
        assert_eq!(read(&token, &query, 2), None);
        assert_eq!(read("nonsense", &query, 1), None);
        let with_pages =
            Query::parse([("EQ_bizStep", "shipping"), ("perPage", "5")]).expect("a query");
        assert_eq!(read(&token, &with_pages, 1), Some(place));
    }
}
