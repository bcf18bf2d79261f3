//! The gate: a lot's record is submitted, returned with reasons per field, or approved and
//! published. Nobody approves what he wrote.

pub mod desk;
pub mod draw;
pub mod fields;
pub mod record;
pub mod submit;

use crate::identity::account::Role;
use crate::shared::guard::{Access, Routes};

const GATE: Access = Access::Staff(&[Role::Reviewer]);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/org/{org}/lots/{lot}/record", Access::Member, submit::page)
        .post("/org/{org}/lots/{lot}/submit", Access::Member, submit::submit)
        .get("/desk/review", GATE, desk::queue)
        .get("/desk/review/{submission}", GATE, desk::one)
        .get("/desk/review/{submission}/as-buyer", GATE, desk::as_buyer)
        .post("/desk/review/{submission}/approve", GATE, desk::approve)
        .post("/desk/review/{submission}/return", GATE, desk::send_back)
}
