//! Whether the program is well: for the load balancer and for Prometheus. The metrics have an
//! address of their own, so that the public never sees them.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};
use store::sql;

use crate::api::Operation;
use crate::app::App;
use crate::shared::Fail;

/// Bounds of the histogram of answers, in seconds.
const SECONDS: [f64; 9] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];

pub(super) fn says_alive() -> Operation {
    Operation::new("healthz", "The process is up").answers(200, "ok")
}

pub(super) fn says_ready() -> Operation {
    Operation::new("readyz", "The store answers")
        .answers(200, "ready")
        .answers(503, "the database is not available")
}

/// `GET /healthz`: the process answers.
pub(super) async fn alive() -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "ok\n").into_response()
}

/// `GET /readyz`: the database answers too.
pub(super) async fn ready(State(app): State<App>) -> Result<Response, Fail> {
    app.store.query_one(sql!("SELECT 1"), &[]).await.map_err(|_| Fail::Unavailable)?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "ready\n")
        .into_response())
}

/// `GET /metrics` for a listener of its own. Installs the process's recorder: call it once, before
/// the first request.
///
/// # Errors
/// [`BuildError`] where a recorder is installed already.
pub fn metrics_router() -> Result<Router, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()?;
    let answer = move || {
        let text = handle.render();
        async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text) }
    };
    Ok(Router::new().route("/metrics", get(answer)))
}
