//! The tests of `trace`, one binary.

mod gdst;
mod journeys;
mod simulated;
mod simulation;
mod world;
