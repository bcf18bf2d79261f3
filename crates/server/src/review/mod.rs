//! The gate: submitted, returned or approved, published.

pub mod fields;
pub mod record;
