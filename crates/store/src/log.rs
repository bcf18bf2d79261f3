//! The words of the log: what is appended, what comes back, and the number that orders it.

use std::fmt;

use crate::error::StoreError;

/// The place of an event in the log: 1, 2, 3, … without gaps. 0 is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seq(pub i64);

impl Seq {
    /// Before the first event.
    pub const ZERO: Self = Self(0);
    /// After every event.
    pub const MAX: Self = Self(i64::MAX);

    /// The number after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An event to append, as plain values. Times are microseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewEvent {
    /// The organisation that captures it. (`owner`, `event_id`) is the idempotency key.
    pub owner: i64,
    pub event_id: String,
    /// The event's type, numbered by the caller.
    pub kind: i64,
    /// ADD, OBSERVE, DELETE, numbered by the caller; 0 for none.
    pub action: i64,
    pub event_time: i64,
    /// The offset from UTC the event was recorded with, in minutes.
    pub offset_minutes: i64,
    pub record_time: i64,
    pub biz_step: Option<String>,
    pub disposition: Option<String>,
    pub read_point: Option<String>,
    pub biz_location: Option<String>,
    /// The event id that an error declaration (EPCIS 2.0, 7.4.1.4) names.
    pub corrects: Option<String>,
    /// SHA-256 of `body`, 32 bytes.
    pub hash: Vec<u8>,
    pub body: Vec<u8>,
    /// (role, identifier): every identifier the event can be found by. A role is a number from 0 to 255.
    /// Repeats are stored once.
    pub postings: Vec<(i64, String)>,
}

impl NewEvent {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let fault = |problem| {
            let event_id = self.event_id.chars().take(80).collect();
            Err(StoreError::Event { event_id, problem })
        };
        if self.event_id.is_empty() {
            return fault("the event id is empty");
        }
        if self.hash.len() != 32 {
            return fault("the hash is not 32 bytes long");
        }
        let texts = [
            Some(&self.event_id),
            self.biz_step.as_ref(),
            self.disposition.as_ref(),
            self.read_point.as_ref(),
            self.biz_location.as_ref(),
            self.corrects.as_ref(),
        ];
        let ids = self.postings.iter().map(|(_, id)| id);
        if texts.into_iter().flatten().chain(ids).any(|text| text.contains('\0')) {
            return fault("a text holds the character U+0000");
        }
        if self.postings.iter().any(|(role, _)| u8::try_from(*role).is_err()) {
            return fault("a role is not a number from 0 to 255");
        }
        // The register's indexes hold them as they are, and PostgreSQL refuses entries over about 2700
        // bytes there.
        if self.event_id.len() > 2000 || self.postings.iter().any(|(_, id)| id.len() > 2000) {
            return fault("an identifier is longer than 2000 bytes");
        }
        Ok(())
    }
}

/// What became of one event of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// New, stored under this number.
    Stored(Seq),
    /// The same event (same owner, id and hash) was stored before; nothing was written.
    Duplicate(Seq),
    /// Another event of this owner bears the id; nothing was written.
    Conflict(Seq),
}

impl Appended {
    /// The number of the stored event, new or old.
    pub fn seq(self) -> Seq {
        match self {
            Self::Stored(seq) | Self::Duplicate(seq) | Self::Conflict(seq) => seq,
        }
    }
}

/// An event of the log with its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    pub seq: Seq,
    pub owner: i64,
    pub event_id: String,
    pub kind: i64,
    pub action: i64,
    pub event_time: i64,
    pub offset_minutes: i64,
    pub record_time: i64,
    pub biz_step: Option<String>,
    pub disposition: Option<String>,
    pub read_point: Option<String>,
    pub biz_location: Option<String>,
    pub corrects: Option<String>,
    pub hash: Vec<u8>,
    pub body: Vec<u8>,
}

/// One identifier in one role of one event. Ordered by number first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    pub seq: Seq,
    pub id: String,
    pub role: i64,
}

/// The bounds of a look-up of postings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Only these roles; empty for all.
    pub roles: Vec<i64>,
    /// Only events up to this number: the answer as known then.
    pub upto: Seq,
    /// Go on after this posting, the last of the answer before.
    pub after: Option<Posting>,
    /// At most so many postings.
    pub limit: usize,
}

impl Default for Hop {
    fn default() -> Self {
        Self { roles: Vec::new(), upto: Seq::MAX, after: None, limit: 10_000 }
    }
}
