//! Accounts, roles, sessions and API keys: who somebody is and what he may do. What an
//! organisation is lives in `organisations`.

pub mod account;
pub mod enrol;
pub mod key;
pub mod members;
pub mod password;
pub mod session;
pub mod sign_in;
pub mod staff;
mod trail;

use crate::shared::guard::{Access, Routes};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/sign-in", Access::Public, sign_in::page)
        .post("/sign-in", Access::Public, sign_in::submit)
        .post("/sign-out", Access::SignedIn, sign_in::out)
        .get("/password", Access::SignedIn, password::page)
        .post("/password", Access::SignedIn, password::submit)
        .get("/org/{org}/members", Access::Manager, members::page)
        .post("/org/{org}/members", Access::Manager, members::add)
        .post("/org/{org}/members/{account}/end", Access::Manager, members::end)
        .post("/org/{org}/members/{account}/password", Access::Manager, members::renew)
        .get("/org/{org}/keys", Access::Manager, key::page)
        .post("/org/{org}/keys", Access::Manager, key::create)
        .post("/org/{org}/keys/{key}/revoke", Access::Manager, key::revoke)
        .get("/desk/accounts", Access::Staff(&[account::Role::Administrator]), staff::page)
        .post("/desk/accounts", Access::Staff(&[account::Role::Administrator]), staff::add)
        .post(
            "/desk/accounts/password",
            Access::Staff(&[account::Role::Administrator]),
            staff::renew,
        )
        .post(
            "/desk/accounts/{account}/end",
            Access::Staff(&[account::Role::Administrator]),
            staff::end,
        )
        .get("/desk/audit", Access::Staff(&[account::Role::Administrator]), trail::page)
}
