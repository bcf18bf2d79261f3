//! The tests of `trace`, one binary.

mod journeys;
mod simulated;
mod simulation;
mod world;
