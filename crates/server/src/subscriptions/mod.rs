//! Subscriptions to named queries (EPCIS 2.0 §8.2.5, §12.8): events go to whoever asked for them, at set times or as they come,
//! to an address of theirs (webhook) or over a connection that they hold open (WebSocket).
//!
//! What a webhook receives is a stretch of the log, and a subscription remembers the number up to which its receiver has
//! everything. The number moves when the receiver has answered 2xx, in one statement that also checks who moves it: a crash at any
//! instant means that something is sent again, never that something is left out.

mod body;
mod deliver;
mod desk;
pub mod dest;
mod failure;
mod lease;
pub mod letters;
pub mod post;
pub mod register;
mod rest;
mod run;
pub mod schedule;
pub mod socket;

use crate::identity::key::Right;
use crate::query::negotiate::discovery;
use crate::shared::guard::{Access, Routes};

pub use body::Asked;
pub use register::Subscription;
pub use run::{run, run_due};
pub use socket::Sockets;

const ASK: Access = Access::Key(Right::Query);

pub fn routes(routes: Routes) -> Routes {
    routes
        .options("/epcis/queries/{queryName}/subscriptions", Access::Public, async || {
            discovery("OPTIONS, GET, POST")
        })
        .get("/epcis/queries/{queryName}/subscriptions", ASK, rest::all)
        .post("/epcis/queries/{queryName}/subscriptions", ASK, rest::post)
        .options(
            "/epcis/queries/{queryName}/subscriptions/{subscriptionID}",
            Access::Public,
            async || discovery("OPTIONS, GET, DELETE"),
        )
        .get("/epcis/queries/{queryName}/subscriptions/{subscriptionID}", ASK, rest::one)
        .delete("/epcis/queries/{queryName}/subscriptions/{subscriptionID}", ASK, rest::delete)
        .get("/org/{org}/subscriptions", Access::Manager, desk::page)
        .post("/org/{org}/subscriptions/{subscription}/end", Access::Manager, desk::end)
        .post("/org/{org}/letters/{letter}/send", Access::Manager, desk::send_again)
}
