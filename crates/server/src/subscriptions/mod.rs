//! Subscriptions to named queries (EPCIS 2.0 §8.2.5, §12.8): events go to whoever asked for them, at set times or as they come,
//! to an address of theirs (webhook) or over a connection that they hold open (WebSocket).
//!
//! What a webhook receives is a stretch of the log, and a subscription remembers the number up to which its receiver has
//! everything. The number moves when the receiver has answered 2xx, in one statement that also checks who moves it: a crash at any
//! instant means that something is sent again, never that something is left out.

mod body;
mod deliver;
pub(crate) mod described;
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

use axum::http::Method;

use crate::identity::key::Right;
use crate::query::negotiate::discoverable;
use crate::shared::guard::{Access, Routes};

pub use body::Asked;
pub use register::Subscription;
pub use run::{run, run_due};
pub use socket::Sockets;

const ASK: Access = Access::Key(Right::Query);

pub fn routes(routes: Routes) -> Routes {
    let every = "/epcis/queries/{queryName}/subscriptions";
    let one = "/epcis/queries/{queryName}/subscriptions/{subscriptionID}";
    let routes = discoverable(routes, every, "OPTIONS, GET, POST", "subscriptionsOptions");
    discoverable(routes, one, "OPTIONS, GET, DELETE", "subscriptionOptions")
        .api(Method::GET, every, ASK, described::all(), rest::all)
        .api(Method::POST, every, ASK, described::post(), rest::post)
        .api(Method::GET, one, ASK, described::one(), rest::one)
        .api(Method::DELETE, one, ASK, described::delete(), rest::delete)
        .get("/org/{org}/subscriptions", Access::Manager, desk::page)
        .post("/org/{org}/subscriptions/{subscription}/end", Access::Manager, desk::end)
        .post("/org/{org}/letters/{letter}/send", Access::Manager, desk::send_again)
}
