//! Facts of Việt Nam: communes, tax codes, search folding, numbers and dates as people write them.
//!
//! Pure values and tables, no input or output. What a person typed goes through [`text::clean`] and one of the
//! parsers ([`tax_code`], [`phone`], [`format`](mod@format)); what a person looks for goes through [`fold`]. The tables of
//! administrative units are in [`units`], with their source in `data/README.md`.

pub mod certificate_kinds;
mod fold;
pub mod format;
pub mod phone;
pub mod product_groups;
pub mod tax_code;
pub mod text;
pub mod units;
pub mod units_of_measure;

pub use fold::{fold, tokens};
pub use gs1::Lang;
