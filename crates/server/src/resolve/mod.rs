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

/// Every primary key of a Digital Link (GS1 Digital Link URI Syntax 1.6.0, 4.4): an address that is
/// printed somewhere gets a page that says what it is, even where nothing is known of it.
const PRIMARY_KEYS: [&str; 15] = [
    "/00/{*rest}",
    "/01/{*rest}",
    "/253/{*rest}",
    "/255/{*rest}",
    "/401/{*rest}",
    "/402/{*rest}",
    "/414/{*rest}",
    "/417/{*rest}",
    "/8003/{*rest}",
    "/8004/{*rest}",
    "/8006/{*rest}",
    "/8010/{*rest}",
    "/8013/{*rest}",
    "/8017/{*rest}",
    "/8018/{*rest}",
];

pub fn routes(routes: Routes) -> Routes {
    PRIMARY_KEYS
        .into_iter()
        .fold(routes, |routes, key| routes.get(key, Access::Public, answer::link))
        .get("/t/{code}", Access::Public, answer::code)
        .get("/T/{code}", Access::Public, answer::code)
        .get("/.well-known/gs1resolver", Access::Public, linkset::description)
}
