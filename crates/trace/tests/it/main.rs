//! The tests of `trace`, one binary.

mod gdst;
mod journeys;
mod network;
mod simulated;
mod simulation;
mod world;
