//! The public API against other people's documents (env `NGUON_CORPORA`) and against input nobody meant.

mod built;
mod corpora;
mod faults;
mod hashes;
mod limits;
mod queries;
mod vocabulary;
