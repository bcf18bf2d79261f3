//! The postings of a fresh event, packed into one value of its row: role and key, one after another. They are few, and most
//! events are settled before anybody asks for them.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, Error};

use crate::key::Key;

/// An event with more postings than this has them in the settled table at once. The view `posting` counts on it.
pub(super) const MOST: usize = 64;
const SIZE: usize = 1 + size_of::<Key>();

/// Packs at most [`MOST`] postings.
pub(super) fn pack(postings: &[(Key, u8)]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(postings.len() * SIZE);
    for (key, role) in postings {
        packed.push(*role);
        packed.extend_from_slice(key);
    }
    packed
}

/// What was packed; a piece too short for a posting at the end is passed over, and `fsck` misses it.
pub(super) fn unpack(packed: &[u8]) -> impl Iterator<Item = (Key, u8)> {
    packed.chunks_exact(SIZE).filter_map(|one| Some((Key::try_from(&one[1..]).ok()?, one[0])))
}

/// Teaches a connection `postings_meet(postings, keys, roles)`: whether one of the packed postings has one of the keys, which are
/// sorted and stand one after another, in one of the roles, a byte each; no roles mean any.
pub(super) fn teach(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("postings_meet", 3, flags, meet)
}

fn meet(context: &Context<'_>) -> rusqlite::Result<bool> {
    let bytes = |argument| {
        let value = context.get_raw(argument);
        value.as_blob().map_err(|error| Error::UserFunctionError(error.into()))
    };
    let (packed, keys, roles) = (bytes(0)?, bytes(1)?, bytes(2)?);
    let (keys, _) = keys.as_chunks::<{ size_of::<Key>() }>();
    Ok(packed.chunks_exact(SIZE).any(|one| {
        (roles.is_empty() || roles.contains(&one[0]))
            && keys.binary_search_by(|key| key.as_slice().cmp(&one[1..])).is_ok()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_postings_meet_by_key_and_role() {
        let connection = Connection::open_in_memory().unwrap();
        teach(&connection).unwrap();
        let packed = pack(&[([1; 20], 7), ([2; 20], 255)]);
        assert_eq!(unpack(&packed).collect::<Vec<_>>(), [([1; 20], 7), ([2; 20], 255)]);
        let meets = |keys: &[u8], roles: &[u8]| -> bool {
            let row = |row: &rusqlite::Row<'_>| row.get(0);
            connection
                .query_row("SELECT postings_meet(?1, ?2, ?3)", (&packed, keys, roles), row)
                .unwrap()
        };
        let both = [[0_u8; 20], [2; 20]].concat();
        assert!(meets(&both, &[]));
        assert!(meets(&both, &[3, 255]));
        assert!(!meets(&both, &[7]), "the role belongs to the other key");
        // The same bytes across the border of two postings are no key.
        let astride = [[2_u8; 1].as_slice(), &[1; 19]].concat();
        assert!(!meets(&astride, &[]));
        assert!(!meets(&[], &[]));
    }
}
