//! The public API against other people's documents (env `NGUON_CORPORA`) and against input nobody meant.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: a panic is the verdict, and counts are printed for people"
)]

mod built;
mod contexts;
mod conversion;
mod corpora;
mod faults;
mod fuzz;
mod generated;
mod hashes;
mod identifiers;
mod limits;
mod master_data;
mod queries;
mod query_fields;
mod query_master;
mod query_oracle;
mod query_patterns;
mod query_sensors;
mod speed;
mod streams;
mod units;
mod vocabulary;
mod xml;
mod xml_faults;
