//! JSON as this crate needs it: a tape with the place of every value, so that each fault can say where it stands, and
//! compact raw texts, so that what we do not interpret is kept as written. Reading never recurses.

mod tape;
mod text;

pub(crate) use tape::{Kind, Node, Stop, Tape};
pub use text::Json;
pub(crate) use text::{push_string, strings};
