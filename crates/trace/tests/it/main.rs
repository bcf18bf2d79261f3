//! The tests of `trace`, one binary.

mod balances;
mod between;
mod gdst;
mod journeys;
mod network;
mod random;
mod recalls;
mod simulated;
mod simulation;
mod world;
