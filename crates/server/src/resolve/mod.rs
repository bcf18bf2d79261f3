//! What a code says: the scan page for people, the linkset and the events for machines, at one
//! address. A link is read with `gs1`, a stamp costs one indexed read, the lot's part of the page
//! comes from [`LotCache`], and the scan itself is written behind the answer by [`scan`].

mod accept;
pub mod address;
mod answer;
mod cache;
mod described;
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

use axum::http::Method;

use crate::shared::guard::{Access, Routes};

/// Every primary key of a Digital Link (GS1 Digital Link URI Syntax 1.6.0, 4.4): an address that is
/// printed somewhere gets a page that says what it is, even where nothing is known of it. Each with the form in which it is
/// shown to programs.
const PRIMARY_KEYS: [(&str, &str); 15] = [
    ("/00/{*rest}", "/00/{sscc}"),
    ("/01/{*rest}", "/01/{gtin}/10/{lot}/21/{serial}"),
    ("/253/{*rest}", "/253/{gdti}"),
    ("/255/{*rest}", "/255/{gcn}"),
    ("/401/{*rest}", "/401/{ginc}"),
    ("/402/{*rest}", "/402/{gsin}"),
    ("/414/{*rest}", "/414/{gln}"),
    ("/417/{*rest}", "/417/{partyGln}"),
    ("/8003/{*rest}", "/8003/{grai}"),
    ("/8004/{*rest}", "/8004/{giai}"),
    ("/8006/{*rest}", "/8006/{itip}"),
    ("/8010/{*rest}", "/8010/{cpid}"),
    ("/8013/{*rest}", "/8013/{gmn}"),
    ("/8017/{*rest}", "/8017/{gsrnp}"),
    ("/8018/{*rest}", "/8018/{gsrn}"),
];

pub fn routes(routes: Routes) -> Routes {
    let (open, resolver) = (Access::Public, "/.well-known/gs1resolver");
    PRIMARY_KEYS
        .into_iter()
        .fold(routes, |routes, (key, shown)| {
            routes.api(Method::GET, key, open, described::link(shown), answer::link)
        })
        .api(Method::GET, "/t/{code}", open, described::code(), answer::code)
        .get("/T/{code}", open, answer::code)
        .api(Method::GET, resolver, open, described::description(), linkset::description)
}
