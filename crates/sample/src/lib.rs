//! An invented province for demonstrations, tests and benches.
