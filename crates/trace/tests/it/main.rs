//! The tests of `trace`, one binary.
