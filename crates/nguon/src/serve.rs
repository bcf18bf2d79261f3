//! `nguon serve`: the portal and the APIs on one address, metrics on another.

use std::net::SocketAddr;

use anyhow::Context;
use clap::Args as ClapArgs;
use server::app::{App, Config, Webhooks};
use tokio::net::TcpListener;

use crate::{Ended, data};

#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    place: data::Where,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080", env = "NGUON_LISTEN")]
    listen: SocketAddr,
    /// Address for Prometheus; empty for none.
    #[arg(long, default_value = "127.0.0.1:9090", env = "NGUON_METRICS")]
    metrics: String,
    /// Scheme and host that stamps carry: `https://…`. It is printed on paper, choose it for decades.
    #[arg(long, env = "NGUON_PUBLIC_URL")]
    public_url: String,
    /// Code of the province, two digits.
    #[arg(long, default_value = "11", env = "NGUON_PROVINCE")]
    province: String,
    /// Trust `X-Forwarded-For` of the proxy in front.
    #[arg(long, env = "NGUON_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Send events to subscribers on this machine itself too. Off, they go to the public internet only.
    #[arg(long, env = "NGUON_WEBHOOKS_TO_LOOPBACK")]
    webhooks_to_loopback: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ended> {
    log(true);
    let public_url = args.public_url.trim_end_matches('/').to_owned();
    anyhow::ensure!(
        public_url.starts_with("https://") || public_url.starts_with("http://"),
        "--public-url must begin with https:// (or http:// on a test machine)"
    );
    let config = Config {
        secure_cookies: public_url.starts_with("https://"),
        public_url,
        province: args.province,
        demonstration: false,
        behind_proxy: args.behind_proxy,
        webhooks: Webhooks { to_loopback: args.webhooks_to_loopback, ..Webhooks::default() },
    };
    let store = args.place.ready().await?;
    let app = data::app(store, config)?;
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("listening on {}", args.listen))?;
    let metrics = match args.metrics.as_str() {
        "" => None,
        address => Some(
            TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?,
        ),
    };
    eprintln!("listening on http://{}", listener.local_addr()?);
    until_ended(app, listener, metrics).await?;
    Ok(Ended::Done)
}

/// Serves until the process is asked to end; what is under way is finished and flushed.
pub(crate) async fn until_ended(
    app: App,
    listener: TcpListener,
    metrics: Option<TcpListener>,
) -> anyhow::Result<()> {
    server::serve(app, listener, metrics, ended()).await.context("serving")
}

/// Resolves on Ctrl-C or SIGTERM.
async fn ended() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    else {
        return drop(interrupt.await);
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

/// Logs to stderr: JSON for machines, text for people. `NGUON_LOG` filters (`info,http=warn`).
pub(crate) fn log(json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("NGUON_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(if json { "info" } else { "warn" }));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { builder.json().init() } else { builder.init() }
}
