//! Who became what, for the offices: an officer types or scans a code and sees where it came from, where it went, and what to
//! call back. The graph is a view of the log in memory, built when the node starts and kept by following.
//!
//! Whoever may ask here sees through every sector and area of the province: an unsafe product does not stop at one.

mod known;
mod names;
mod page;

use crate::identity::account::Role;
use crate::shared::guard::{Access, Routes};

pub use known::{Graphs, catch_up, keep};

const TRACERS: Access = Access::Staff(&[Role::Officer, Role::Reviewer, Role::Inspector]);

pub fn routes(routes: Routes) -> Routes {
    routes.get("/desk/trace", TRACERS, page::page).get("/desk/trace.json", TRACERS, page::json)
}
