//! The tests of `trace`, one binary.

mod network;
