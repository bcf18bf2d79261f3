//! The gate: submitted, returned or approved, published.

pub mod record;
