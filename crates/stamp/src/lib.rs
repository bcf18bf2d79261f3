//! Stamps without the database: random serial numbers, our own codes with a check character, QR
//! symbols and the CSV for print houses. Nothing here reads a clock or draws randomness by itself.
//! What a stamp's state means and who may change it is the server's; sheets on paper are `sheet`'s.

pub mod code;
mod crockford;
pub mod csv;
pub mod qr;
pub mod serial;

pub use code::{Code, CodeError, Kind};
pub use gs1::Lang;
pub use serial::{Serial, SerialError};
