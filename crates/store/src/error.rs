//! What can go wrong, as sentences: what was being done, to which thing, and the engine's own words
//! as the source.

use std::error::Error;
use std::sync::Arc;

use crate::log::Seq;

/// The engine's error below ours. Shared, because one failed group commit answers many callers.
pub(crate) type Source = Arc<dyn Error + Send + Sync>;

/// Every failure of the store. The displayed sentence never holds the values of parameters.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// A row with the same key exists.
    #[error("{doing}: a row with this key exists already")]
    Unique {
        doing: String,
        #[source]
        source: Source,
    },
    /// A foreign key, a NOT NULL or a CHECK of the table refused the row.
    #[error("{doing}: a rule of the table refused the row")]
    Constraint {
        doing: String,
        #[source]
        source: Source,
    },
    /// The database cannot be reached, has no room, or is stopping. Trying again later may help.
    #[error("{doing}: the database is not available")]
    Unavailable {
        doing: String,
        #[source]
        source: Source,
    },
    /// Another transaction stood in the way (deadlock, lock time-out). Trying again at once may
    /// help.
    #[error("{doing}: another transaction stood in the way")]
    Contended {
        doing: String,
        #[source]
        source: Source,
    },
    /// Anything else the engine said.
    #[error("{doing}: the database refused")]
    Database {
        doing: String,
        #[source]
        source: Source,
    },

    #[error(
        "{address:?} is not a database address; use sqlite:/path/file.db or postgres://user@host/name"
    )]
    Address { address: String },
    #[error("column {column}: {problem}")]
    Column { column: String, problem: String },
    #[error("parameter ${number}: {problem}")]
    Parameter { number: usize, problem: &'static str },
    #[error("{doing}: the statement has {wanted} parameters, {given} were given")]
    ParameterCount { doing: String, wanted: usize, given: usize },
    #[error("{doing}: one row was expected, {found} came")]
    TooManyRows { doing: String, found: usize },

    /// This engine cannot do it.
    #[error("{doing}: this engine cannot do it")]
    Unsupported { doing: String },

    /// The transaction stood idle, or open altogether, longer than allowed, and was rolled back.
    #[error("the transaction was open too long and has been rolled back")]
    Abandoned,
    /// A statement of this transaction failed before, so it can only be rolled back.
    #[error("an earlier statement of this transaction failed; it has been rolled back")]
    TxFailed,
    #[error("the store is closed")]
    Closed,

    #[error("event {event_id:?}: {problem}")]
    Event { event_id: String, problem: &'static str },
    #[error("the cursor {name} stands at {found}, not at {expected}")]
    CursorMoved { name: String, expected: Seq, found: Seq },
    #[error("the log is damaged: {problem}")]
    Damaged { problem: String },

    #[error("migration {name} has changed since this database applied it")]
    MigrationChanged { name: String },
    #[error(
        "this database has migration {name}, which this program does not know: it is newer than the program"
    )]
    DatabaseNewer { name: String },
    #[error("migration {name} comes before {applied}, which this database has applied already")]
    MigrationOutOfOrder { name: String, applied: String },
}

impl StoreError {
    /// A row with the same primary or unique key exists.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Unique { .. })
    }

    /// The database cannot be reached or cannot write now; the same call may succeed later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Closed)
    }

    /// The whole transaction may succeed if it is run again at once.
    pub fn is_contended(&self) -> bool {
        matches!(self, Self::Contended { .. } | Self::Abandoned)
    }

    pub(crate) fn unavailable(doing: &str, problem: impl Into<String>) -> Self {
        let source: Box<dyn Error + Send + Sync> = problem.into().into();
        Self::Unavailable { doing: doing.to_owned(), source: source.into() }
    }
}

/// Names a statement in an error: its first words, on one line.
pub(crate) fn doing(sql: &str) -> String {
    const SHOWN: usize = 80;
    let mut line = String::from("running `");
    let mut shown = 0;
    for word in sql.split_whitespace() {
        if shown > 0 {
            line.push(' ');
        }
        shown += word.chars().count() + 1;
        if shown > SHOWN {
            line.push('…');
            break;
        }
        line.push_str(word);
    }
    line.push('`');
    line
}
