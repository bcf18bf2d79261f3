//! Symbols against the outside: other encoders, and decoders that share no code with ours.

mod decoders;
mod links;
mod peers;
mod pictures;
