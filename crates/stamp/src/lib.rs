//! Stamps without the database: random serial numbers, our own codes with a check character, symbols
//! (QR, Data Matrix, GS1-128, EAN/UPC, ITF-14) and the CSV for print houses. Nothing here reads a clock
//! or draws randomness by itself. What a stamp's state means and who may change it is the server's;
//! sheets on paper are `sheet`'s.

pub mod carrier;
pub mod code;
mod crockford;
pub mod csv;
pub mod datamatrix;
pub mod linear;
mod matrix;
mod message;
pub mod qr;
pub mod serial;

pub use code::{Code, CodeError, Kind};
pub use gs1::Lang;
pub use matrix::Matrix;
pub use serial::{Serial, SerialError};
