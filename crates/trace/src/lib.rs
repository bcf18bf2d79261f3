//! Who became what. [`network`] holds delivery networks of stations: outbreak scores and balance.
//!
//! No I/O: events and tables come in as values, answers go out as values.

pub mod network;
