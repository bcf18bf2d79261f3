//! Replays the invented province as a store would and holds it against the rules of the field.

mod flow;
mod pictures;
mod registers;

use jiff::civil::{Date, date};
use sample::{Province, generate};

pub const TODAY: Date = date(2026, 11, 22);

pub fn province(scale: u32) -> Province {
    generate(2026, scale, TODAY)
}
