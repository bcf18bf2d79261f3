//! What the capabilities promise, on both engines.

mod certificates;
mod ground;
mod places;
mod products;
