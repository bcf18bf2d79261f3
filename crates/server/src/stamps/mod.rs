//! Stamps: ordered for a lot, printed, activated when they are stuck on, voided for ever. A stamp
//! goes from issued to active, and from either to void; no way leads back. What a scan of one
//! shows is `resolve`'s. Labels of cases and for the till are ordered and printed here too, but have
//! no numbers and no states.

pub mod carrier;
mod form;
pub mod kind;
pub mod link;
pub mod mark;
mod one;
pub mod order;
mod orders;
mod preview;
mod print;
mod serial;
pub mod state;

pub use carrier::Carrier;
pub use kind::Kind;
pub use order::{NewOrder, Order, order, serials};
pub use serial::{Stamp, by_serial};
pub use state::{Changed, activate, void};

use crate::shared::guard::{Access, Routes};

/// Voiding cannot be undone, so only a manager does it.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/org/{org}/stamps", Access::Member, orders::page)
        .post("/org/{org}/stamps", Access::Member, orders::submit)
        .get("/org/{org}/stamps/serial/{serial}", Access::Member, serial::page)
        .get("/org/{org}/stamps/{order}", Access::Member, one::page)
        .post("/org/{org}/stamps/{order}/activate", Access::Member, one::activate)
        .post("/org/{org}/stamps/{order}/void", Access::Manager, one::void)
        .get("/org/{org}/stamps/{order}/sheet.pdf", Access::Member, print::pdf)
        .get("/org/{org}/stamps/{order}/print.csv", Access::Member, print::csv)
}
