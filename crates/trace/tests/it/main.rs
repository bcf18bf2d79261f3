//! The tests of `trace`, one binary.

mod journeys;
mod network;
mod simulated;
mod world;
