//! Capturing through the API (key, limits, JSON read and validated, rules, log, durable) against the
//! same events inserted raw into the same engine. Run it with `--release`; see `bench/capture.md`.
#![expect(clippy::print_stdout, reason = "its output is the result")]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use bytes::Bytes;
use futures_util::future::try_join_all;
use server::app::{App, Config, SystemClock};
use server::identity::key;
use server::organisations::join::{self, Application};
use store::testing::{Cluster, Raw, quantile};
use store::{Store, params, sql};
use tower::ServiceExt;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// One kind of load: `callers` at a time, each sending `calls` requests of `batch` events, one after
/// another.
#[derive(Clone, Copy)]
struct Load {
    name: &'static str,
    callers: usize,
    calls: usize,
    batch: usize,
}

const LOADS: [Load; 3] = [
    Load { name: "single events, 1 caller", callers: 1, calls: 150, batch: 1 },
    Load { name: "single events, 64 callers", callers: 64, calls: 50, batch: 1 },
    Load { name: "documents of 500, 2 callers", callers: 2, calls: 6, batch: 500 },
];

#[tokio::main(worker_threads = 2)]
async fn main() -> Outcome<()> {
    let rounds: usize = std::env::args().nth(1).map_or(Ok(7), |rounds| rounds.parse())?;
    // On the disk the program would use, not on a temporary file system in memory.
    let folder = tempfile::tempdir_in(std::env::args().nth(2).unwrap_or_else(|| ".".to_owned()))?;
    println!("{rounds} paired rounds; medians; the ratio is the median of the rounds' ratios");
    let store = Store::open(&format!("sqlite:{}", folder.path().join("log.db").display())).await?;
    let raw = Raw::sqlite(&folder.path().join("raw.db"))?;
    compare("SQLite", store, &raw, rounds).await?;
    let cluster = Cluster::start()?;
    let store = Store::open(cluster.address()).await?;
    let raw = Raw::postgres(cluster.address()).await?;
    compare("PostgreSQL", store, &raw, rounds).await
}

/// The router, and a key for each of the callers: a key has a limit of its own.
async fn portal(store: Store, keys: usize) -> Outcome<(Router, Vec<String>)> {
    store.migrate().await?;
    let config = Config {
        public_url: "http://127.0.0.1".to_owned(),
        province: "11".to_owned(),
        secure_cookies: false,
        demonstration: false,
        behind_proxy: false,
        webhooks: server::app::Webhooks::default(),
    };
    let app = App::new(store, config, Arc::new(SystemClock), server::app::seed()?);
    let application = Application {
        kind: "cooperative".to_owned(),
        legal_name: "Hợp tác xã Bản Phủ (minh hoạ)".to_owned(),
        tax_code: app.id().to_string(),
        representative: "Lò Văn Pánh".to_owned(),
        phone: "+84912345678".to_owned(),
        email: String::new(),
        commune: "03325".to_owned(),
        old_unit: String::new(),
        address_line: "Bản Phủ".to_owned(),
        illustrative: true,
    };
    let joined = join::create(&app, &application, "Lò Văn Pánh", "minhhoa", "", "vi").await;
    let Ok((manager, org)) = joined else { return Err("an organisation does not join".into()) };
    let accepted = sql!("UPDATE organisation SET state = 'accepted' WHERE id = $1");
    app.store.execute(accepted, &params![org]).await?;
    let mut secrets = Vec::new();
    for _ in 0..keys {
        secrets.push(key::make(&app, org, manager, "Máy minh hoạ", "capture").await?);
    }
    Ok((server::router(app).0, secrets))
}

/// An event of about 1 kB with the parts that a shipment has.
fn event(number: u64) -> String {
    let items: Vec<String> = (0..6)
        .map(|item| format!("\"https://id.gs1.org/01/08931234567897/21/{number}-{item}\""))
        .collect();
    format!(
        "{{\"@context\":\"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld\",\"type\":\"ObjectEvent\",\
         \"eventID\":\"urn:x:{number}\",\"eventTime\":\"2026-11-01T08:00:00.000+07:00\",\"eventTimeZoneOffset\":\"+07:00\",\
         \"epcList\":[{}],\"action\":\"OBSERVE\",\"bizStep\":\"storing\",\"disposition\":\"in_progress\",\
         \"readPoint\":{{\"id\":\"https://example.org/kho/{}\"}},\
         \"bizTransactionList\":[{{\"type\":\"po\",\"bizTransaction\":\"urn:x:po:{number}\"}}],\
         \"sourceList\":[{{\"type\":\"owning_party\",\"source\":\"https://example.org/ben-ban\"}}]}}",
        items.join(","),
        number % 50
    )
}

fn request(load: Load, secret: &str, events: &[String]) -> Outcome<Request<Body>> {
    let (path, body) = if load.batch == 1 {
        ("/epcis/events", events[0].clone())
    } else {
        let head = "{\"@context\":\"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld\",\"type\":\"EPCISDocument\",\
             \"schemaVersion\":\"2.0\",\"creationDate\":\"2026-11-01T08:00:00+07:00\",\"epcisBody\":{\"eventList\":[";
        ("/epcis/capture", format!("{head}{}]}}}}", events.join(",")))
    };
    Ok(Request::post(path)
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .header(header::CONTENT_TYPE, "application/ld+json")
        .body(Body::from(body))?)
}

async fn captured(router: &Router, requests: Vec<Vec<Request<Body>>>) -> Outcome<Duration> {
    let start = Instant::now();
    try_join_all(requests.into_iter().map(|calls| {
        let router = router.clone();
        tokio::spawn(async move {
            for call in calls {
                let answer = router.clone().oneshot(call).await?;
                if !answer.status().is_success() {
                    return Err(format!("answered {}", answer.status()).into());
                }
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(())
        })
    }))
    .await?
    .into_iter()
    .collect::<Result<(), _>>()?;
    Ok(start.elapsed())
}

async fn compare(engine: &str, store: Store, raw: &Raw, rounds: usize) -> Outcome<()> {
    let (router, keys) = portal(store.clone(), 64).await?;
    let mut number = 0_u64;
    for load in LOADS {
        let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        // The first round warms caches and prepared statements and does not count.
        for round in 0..=rounds {
            let (mut requests, mut bodies) = (Vec::new(), Vec::new());
            for secret in keys.iter().take(load.callers) {
                let (mut sent, mut bare) = (Vec::new(), Vec::new());
                for _ in 0..load.calls {
                    number += load.batch as u64;
                    let events: Vec<String> =
                        (number - load.batch as u64..number).map(event).collect();
                    sent.push(request(load, secret, &events)?);
                    bare.push(events.into_iter().map(Bytes::from).collect());
                }
                requests.push(sent);
                bodies.push(bare);
            }
            let events = (load.callers * load.calls * load.batch) as f64;
            let (own, bare) = if round % 2 == 0 {
                let own = captured(&router, requests).await?;
                (own, raw.takes(bodies).await?)
            } else {
                let bare = raw.takes(bodies).await?;
                (captured(&router, requests).await?, bare)
            };
            if round > 0 {
                ours.push(events / own.as_secs_f64());
                theirs.push(events / bare.as_secs_f64());
                ratios.push(bare.as_secs_f64() / own.as_secs_f64());
            }
        }
        let (low, high) = (quantile(&mut ratios, 0.0), quantile(&mut ratios, 1.0));
        println!(
            "{engine:10} {:28} captured {:7.0}/s  raw {:7.0}/s  ratio {:.2} ({low:.2}–{high:.2})",
            load.name,
            quantile(&mut ours, 0.5),
            quantile(&mut theirs, 0.5),
            quantile(&mut ratios, 0.5),
        );
    }
    store.close().await;
    Ok(())
}
