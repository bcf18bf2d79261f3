//! The log and the register, on SQLite and PostgreSQL.
//!
//! The log (events in one gapless order, postings by identifier, cursors of the views) has a native
//! implementation for each engine; [`Store`] offers it in domain verbs. The register is plain
//! tables under one SQL text for both engines: every statement is a [`sql!`] literal with `$n`
//! parameters. What the events mean is not known here: the caller hands plain values.

mod ddl;
mod error;
mod filter;
mod fsck;
mod key;
mod log;
mod migrate;
mod postgres;
mod sql;
mod sqlite;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;

pub use error::StoreError;
pub use filter::{Filter, Page, Sight, SortBy, Token};
pub use fsck::{Fault, Report, fsck, fsck_after};
pub use log::{Appended, Hop, Logged, NewEvent, Posting, Seq};
pub use sql::Sql;
pub use store::{Engine, Options, Store};
pub use tx::Tx;
pub use value::{FromValue, Row, Value};
