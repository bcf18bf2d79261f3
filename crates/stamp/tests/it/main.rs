//! Symbols against the outside: other encoders, and decoders that share no code with ours.

mod carriers;
mod decoders;
mod links;
mod messages;
mod peers;
mod pictures;
mod raster;
mod sizes;
mod tools;
