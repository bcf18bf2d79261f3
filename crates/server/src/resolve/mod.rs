//! What a code says: the scan page for people, the linkset and the events for machines, at one
//! address. A link is read with `gs1`, a stamp costs one indexed read, the lot's part of the page
//! comes from [`LotCache`], and the scan itself is written behind the answer by [`scan`].

mod accept;
pub mod address;
mod answer;
mod cache;
pub mod events;
pub mod linkset;
pub mod lookup;
pub mod scan;
pub mod verdict;
mod view;

pub use cache::LotCache;
pub use scan::{ScanQueue, run_scans, write_waiting};
pub use verdict::Verdict;
pub(crate) use view::preview;

use crate::shared::guard::{Access, Routes};

/// `/01/…` and `/414/…` take whatever follows: a link that is wrong gets a page that says so.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/01/{*rest}", Access::Public, answer::link)
        .get("/414/{*rest}", Access::Public, answer::link)
        .get("/t/{code}", Access::Public, answer::code)
        .get("/T/{code}", Access::Public, answer::code)
        .get("/.well-known/gs1resolver", Access::Public, linkset::description)
}
