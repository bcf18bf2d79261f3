//! Data profiles: what a law demands of a record, dated, as data.
//!
//! A [`Profile`] is a list of items read from JSON in `data/`; a [`Record`] is one lot as a consumer would see it;
//! [`check`] says item by item what is there and what is missing. Nothing here decides whether a record may be
//! published: that is for people, who see this report.

mod check;
mod load;
mod record;

pub use check::{Detail, Finding, Report, State, check};
pub use gs1::Lang;
pub use load::{
    Fact, Item, Presence, Profile, ProfileError, Text, parse, profile, profiles, profiles_in_force,
};
pub use record::{Record, Stage};
