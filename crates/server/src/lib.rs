//! The portal and the APIs of Nguồn, one folder a capability.
//!
//! A capability holds its rules, its queries, its handlers and its pages together, named as the
//! people who use it name it. Capabilities talk through the register, the log or a plain
//! function that one of them exports.

pub mod app;
pub mod certificates;
pub mod feedback;
pub mod identity;
pub mod organisations;
pub mod pictures;
pub mod places;
pub mod portal;
pub mod products;
pub mod resolve;
pub mod review;
pub mod shared;
pub mod stamps;

use app::App;
use axum::Router;
use shared::guard::{Access, Route, Routes};

/// Every address with who may call it, and the router that answers them.
pub fn router(app: App) -> (Router, Vec<Route>) {
    let routes = Routes::new(app.clone()).get("/assets/{name}", Access::Public, shared::assets::serve);
    let routes = identity::routes(routes);
    let routes = organisations::routes(routes);
    let routes = stamps::routes(routes);
    let routes = resolve::routes(routes);
    let routes = feedback::routes(routes);
    let routes = portal::routes(routes);
    let routes = places::routes(routes);
    let routes = products::routes(routes);
    let routes = certificates::routes(routes);
    let routes = pictures::routes(routes);
    let (router, table) = routes.finish();
    let router = router
        .fallback(|| async { shared::Fail::NotFound })
        .layer(axum::middleware::from_fn_with_state(app.clone(), shared::web::surround))
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(tower_http::compression::CompressionLayer::new())
        .with_state(app);
    (router, table)
}
