//! `nguon demo`: a fresh SQLite file, an invented province, the portal on this machine.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args as ClapArgs;
use server::app::{Config, Webhooks};
use tokio::net::TcpListener;

use crate::{Ended, data, serve};

#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder for the data; a fresh temporary one if not given. A folder that holds data is refused.
    #[arg(long)]
    data: Option<PathBuf>,
    /// How many times the usual province.
    #[arg(long, default_value_t = 1)]
    scale: u32,
    /// Seed of the generator: the same seed makes the same province.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ended> {
    serve::log(false);
    let folder = args
        .data
        .unwrap_or_else(|| std::env::temp_dir().join(format!("nguon-demo-{}", std::process::id())));
    anyhow::ensure!(
        !folder.join("nguon.db").exists(),
        "{} already holds data; choose an empty folder or leave --data out",
        folder.display()
    );
    let listener = match TcpListener::bind(args.listen).await {
        Ok(listener) => listener,
        // The usual port may be in use; the demonstration takes any other.
        Err(_) if args.listen.port() == 8080 => TcpListener::bind((args.listen.ip(), 0)).await?,
        Err(error) => return Err(error).with_context(|| format!("listening on {}", args.listen)),
    };
    let address = format!("http://{}", listener.local_addr()?);
    let place = data::Where { data: folder.clone(), database: None };
    let store = place.ready().await?;
    let config = Config {
        public_url: address.clone(),
        province: "11".to_owned(),
        secure_cookies: false,
        demonstration: true,
        behind_proxy: false,
        webhooks: Webhooks { to_loopback: true, ..Webhooks::default() },
    };
    let app = data::app(store, config)?;
    eprintln!("Đang tạo tỉnh minh hoạ… · making the illustrative province…");
    let loaded = server::demo::load(&app, args.seed, args.scale, |done, all| {
        eprint!("\r{done}/{all} ");
    })
    .await
    .map_err(|fail| anyhow::anyhow!("loading the demonstration: {fail}"))?;
    eprintln!();
    let symbol =
        stamp::qr::encode(&loaded.stamp_link, stamp::qr::Level::M).context("drawing the stamp")?;
    eprintln!("{}", symbol.terminal());
    eprintln!("Tem · stamp:  {}", loaded.scan_link);
    eprintln!("Cổng · portal: {address}");
    eprintln!("Dữ liệu · data: {}", folder.display());
    for account in &loaded.accounts {
        eprintln!("  {:<14} {:<24} {}", account.role, account.login, account.password);
    }
    crate::print(&serde_json::json!({
        "address": address,
        "scan_link": loaded.scan_link,
        "accounts": loaded.accounts.iter().map(|account| serde_json::json!({
            "role": account.role, "login": account.login, "password": account.password,
        })).collect::<Vec<_>>(),
        "api_key": loaded.api_key,
    }));
    serve::until_ended(app, listener, None).await?;
    Ok(Ended::Done)
}
