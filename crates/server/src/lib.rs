//! The portal and the APIs of Nguồn, one folder a capability.
//!
//! A capability holds its rules, its queries, its handlers and its pages together, named as the
//! people who use it name it. Capabilities talk through the register, the log or a plain
//! function that one of them exports.

pub mod api;
pub mod app;
pub mod capture;
pub mod certificates;
pub mod demo;
pub mod diary;
pub mod feedback;
pub mod identity;
pub mod lots;
pub mod masterdata;
pub mod organisations;
pub mod pictures;
pub mod places;
pub mod portal;
pub mod products;
pub mod query;
pub mod resolve;
pub mod review;
pub mod shared;
pub mod sight;
pub mod soap;
pub mod stamps;
pub mod subscriptions;
pub mod trace;

use std::future::Future;
use std::net::SocketAddr;

use app::App;
use axum::Router;
use shared::guard::{Access, Route, Routes};
use tokio::net::TcpListener;

/// Every address, with who may call it and what it is.
fn routes() -> Routes {
    let routes = Routes::default().get("/assets/{name}", Access::Public, shared::assets::serve);
    let routes = api::routes(routes);
    let routes = identity::routes(routes);
    let routes = organisations::routes(routes);
    let routes = places::routes(routes);
    let routes = products::routes(routes);
    let routes = certificates::routes(routes);
    let routes = pictures::routes(routes);
    let routes = lots::routes(routes);
    let routes = diary::routes(routes);
    let routes = review::routes(routes);
    let routes = capture::routes(routes);
    let routes = query::routes(routes);
    let routes = masterdata::routes(routes);
    let routes = soap::routes(routes);
    let routes = sight::routes(routes);
    let routes = subscriptions::routes(routes);
    let routes = trace::routes(routes);
    let routes = stamps::routes(routes);
    let routes = resolve::routes(routes);
    let routes = feedback::routes(routes);
    portal::routes(routes)
}

/// The table of addresses.
pub fn table() -> Vec<Route> {
    routes().finish().1
}

/// The router that answers every address, and the table of them.
pub fn router(app: App) -> (Router, Vec<Route>) {
    let (router, table) = routes().finish();
    // One layer rather than three: a router boxes every route anew for each, and copies the boxes
    // at each request.
    let around = (
        tower_http::compression::CompressionLayer::new(),
        tower_http::catch_panic::CatchPanicLayer::new(),
        axum::middleware::from_fn_with_state(app.clone(), shared::web::surround),
    );
    let router = router.fallback(|| async { shared::Fail::NotFound }).layer(around).with_state(app);
    (router, table)
}

/// Serves until `ended` resolves; requests under way are finished and scans written before it
/// returns. Views follow the log and scans are written by tasks of their own.
pub async fn serve(
    app: App,
    listener: TcpListener,
    metrics: Option<TcpListener>,
    ended: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    if let Some(metrics) = metrics {
        let router = portal::health::metrics_router().map_err(std::io::Error::other)?;
        tokio::spawn(async move { axum::serve(metrics, router).await });
    }
    let views = tokio::spawn(shared::view::keep::<capture::views::Views>(app.clone()));
    let sight = tokio::spawn(shared::view::keep::<sight::Sights>(app.clone()));
    let graphs = tokio::spawn(trace::keep(app.clone()));
    let scans = tokio::spawn(resolve::run_scans(app.clone()));
    let sweep = tokio::spawn(shared::once::run_sweep(app.clone()));
    let sent = tokio::spawn(subscriptions::run(app.clone()));
    let ended = {
        let app = app.clone();
        async move {
            ended.await;
            app.ending.send_replace(true);
        }
    };
    let (router, _) = router(app.clone());
    let served = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(ended)
        .await;
    app.ending.send_replace(true);
    subscriptions::socket::closed(&app).await;
    if let Err(error) = sent.await {
        tracing::error!(%error, "the task of subscriptions broke off");
    }
    views.abort();
    sight.abort();
    graphs.abort();
    sweep.abort();
    scans.abort();
    if let Err(fail) = resolve::write_waiting(&app).await {
        tracing::error!(error = %fail, "the last scans could not be written");
    }
    app.store.close().await;
    served
}
