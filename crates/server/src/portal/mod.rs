//! The portal.

pub mod search;
