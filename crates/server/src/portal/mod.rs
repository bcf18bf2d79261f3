//! The portal for everyone: search, published lots, products and organisations, figures, what a
//! stamp proves. Only what a reviewer has approved is shown here.

pub mod cards;
pub mod figures;
pub mod health;
mod home;
mod lots;
mod plain;
mod results;
pub mod search;
mod things;

use axum::http::Method;

use crate::shared::guard::{Access, Routes};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/", Access::Public, home::page)
        .get("/search", Access::Public, results::page)
        .get("/lots", Access::Public, lots::page)
        .get("/products/{product}", Access::Public, things::product)
        .get("/organisations/{organisation}", Access::Public, things::organisation)
        .get("/figures", Access::Public, figures::page)
        .get("/about", Access::Public, plain::about)
        .get("/scan", Access::Public, plain::scan)
        .get("/desk", Access::SignedIn, plain::desk)
        .get("/robots.txt", Access::Public, plain::robots)
        .api(Method::GET, "/healthz", Access::Public, health::says_alive(), health::alive)
        .api(Method::GET, "/readyz", Access::Public, health::says_ready(), health::ready)
}
