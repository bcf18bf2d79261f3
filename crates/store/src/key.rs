//! Short keys in place of long identifiers. The big indexes hold digests of a fixed length: half the size of the texts, and as
//! easy to sort. What is asked for is digested in the same way, so the texts need not be stored a second time.
//!
//! 128 bits of SHA-256 do not collide by accident. To craft two identifiers that share a key takes about 2⁶⁴ digests, and gains
//! only that looking up either finds the events of both.

use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::log::NewEvent;

/// The key of an identifier in the postings.
pub(crate) type Key = [u8; 20];
/// The key of an event id; with the owner it is the idempotency key.
pub(crate) type EventKey = [u8; 16];

/// 4 bytes of the digest of the identifier without its last part, 16 of the whole. The first four only keep the pieces of one
/// batch on neighbouring pages of the index, as the text itself would.
pub(crate) fn key(id: &str) -> Key {
    let family = id.rfind(['/', '.', ':']).map_or("", |end| &id[..end]);
    let mut key = [0; 20];
    key[..4].copy_from_slice(&Sha256::digest(family)[..4]);
    key[4..].copy_from_slice(&Sha256::digest(id)[..16]);
    key
}

pub(crate) fn event_key(event_id: &str) -> EventKey {
    let mut key = [0; 16];
    key.copy_from_slice(&Sha256::digest(event_id)[..16]);
    key
}

/// An event that has been checked, with its keys made: by the caller's task rather than by the one writer.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) event: NewEvent,
    pub(crate) key: EventKey,
    /// In order, each once.
    pub(crate) postings: Vec<(Key, u8)>,
}

impl Entry {
    /// All of a batch, or the error of the first event that cannot be stored as it is.
    pub(crate) fn all(batch: Vec<NewEvent>) -> Result<Vec<Self>, StoreError> {
        batch.iter().try_for_each(NewEvent::check)?;
        Ok(batch.into_iter().map(Self::new).collect())
    }

    fn new(event: NewEvent) -> Self {
        let role = |role: i64| u8::try_from(role).expect("`check` let none other pass");
        let mut postings: Vec<_> =
            event.postings.iter().map(|(of, id)| (key(id), role(*of))).collect();
        postings.sort_unstable();
        postings.dedup();
        Self { key: event_key(&event.event_id), postings, event }
    }
}

#[cfg(test)]
mod tests {
    use super::{event_key, key};

    #[test]
    fn a_key_is_the_digest_of_its_identifier_behind_that_of_its_family() {
        // printf %s abc | sha256sum
        let abc = [0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea];
        assert_eq!(key("abc")[4..12], abc);
        assert_eq!(key("abc/x")[..4], abc[..4]);
        assert_eq!(event_key("abc")[..8], abc);
        assert_eq!(key("abc/x")[..4], key("abc/y")[..4]);
        assert_ne!(key("abc/x")[4..], key("abc/y")[4..]);
    }
}
