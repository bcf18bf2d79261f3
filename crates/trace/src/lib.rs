//! Who became what.
//!
//! A [`Graph`] takes events in, in any order, and answers: [`Graph::trace`] back and forward, [`Graph::recall`] with what is
//! certain, possible and cleared, [`Graph::balance`] with what left a place and cannot have been there. [`network`] holds delivery networks of stations: outbreak scores and balance.
//!
//! No I/O: events and tables come in as values, answers go out as values.

mod amount;
pub mod balance;
mod between;
mod flow;
mod graph;
mod json;
mod ledger;
mod life;
mod names;
pub mod network;
mod recall;
mod start;
mod step;
mod tell;
mod walk;

pub use amount::{Amount, Unit};
pub use between::{Common, Contact};
pub use graph::{EventNumber, Graph, Micros};
pub use json::{EventName, millionths};
pub use recall::{Holding, Recall, Scope, Verdict};
pub use start::{Start, StartError};
pub use walk::{Direction, Edge, Limits, Node, NodeKind, Place, Stopped, Trace};
