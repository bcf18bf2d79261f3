//! Ground to stand on: an application on a fresh database, an accepted organisation with its
//! manager, an officer, and a browser without a window. All people and
//! firms are invented (minh hoạ).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use server::app::{App, Clock, Config, Webhooks};
use server::identity::account::{self, Account};
use server::identity::session;
use server::organisations::join::{self, Application};
use server::organisations::{Organisation, desk};
use server::shared::Fail;
use store::{Store, params, sql};
use tower::ServiceExt;

/// 22 November 2026, 09:14 in Việt Nam.
pub(crate) const START: i64 = 1_795_313_640_000_000;
/// A commune of Điện Biên, and one of another province.
pub(crate) const COMMUNE: &str = "03325";
pub(crate) const ELSEWHERE: &str = "00004";

/// A clock that begins at [`START`].
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    /// Lets time pass.
    pub(crate) fn forward(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> i64 {
        // A millisecond a look, so that ids and audit lines keep their order.
        self.0.fetch_add(1_000, Ordering::Relaxed)
    }
}

fn config() -> Config {
    Config {
        public_url: "https://nguon.example".to_owned(),
        province: "11".to_owned(),
        secure_cookies: false,
        demonstration: false,
        behind_proxy: false,
        webhooks: Webhooks { to_loopback: true, time_limit: Duration::from_millis(500) },
    }
}

pub(crate) struct Ground {
    pub(crate) app: App,
    pub(crate) clock: Arc<TestClock>,
    /// An accepted cooperative and its manager.
    pub(crate) org: i64,
    pub(crate) manager: i64,
    /// Governs agriculture in Điện Biên.
    pub(crate) officer: Account,
}

impl Ground {
    pub(crate) async fn new(store: Store) -> Ground {
        let clock = Arc::new(TestClock(AtomicI64::new(START)));
        let config = config();
        let app = App::new(store, config, Arc::clone(&clock) as Arc<dyn Clock>, [7; 32]);
        let officer = staff(&app, "officer", "11").await;
        let (manager, org) = organisation(&app, "Hợp tác xã Bản Phủ", "cooperative", COMMUNE).await;
        let ground = Ground { app, clock, org, manager, officer };
        ground.accept(org).await;
        ground
    }

    /// Another node on the same database and the same clock; `number` makes its randomness its own.
    pub(crate) fn node(&self, store: Store, number: u8) -> App {
        self.node_with(store, number, config().webhooks)
    }

    pub(crate) fn node_with(&self, store: Store, number: u8, webhooks: Webhooks) -> App {
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        App::new(store, Config { webhooks, ..config() }, clock, [number; 32])
    }

    /// Another accepted organisation; its id and its manager's.
    pub(crate) async fn neighbour(&self, name: &str) -> (i64, i64) {
        let (manager, org) = organisation(&self.app, name, "household", COMMUNE).await;
        self.accept(org).await;
        (org, manager)
    }

    pub(crate) async fn accept(&self, org: i64) {
        let o = self.load(org).await;
        desk::accept_application(&self.app, &self.officer, &o, o.version)
            .await
            .expect("an officer accepts");
    }

    pub(crate) async fn load(&self, org: i64) -> Organisation {
        server::organisations::load(&self.app, org).await.expect("an organisation")
    }

    /// A lot, as far as other tables must know of it.
    pub(crate) async fn lot(&self, product: i64, place: i64) -> i64 {
        let id = self.app.id();
        self.app
            .store
            .execute(
                sql!(
                    "INSERT INTO lot (id, organisation, product, place, name, code, trace_code, item, opened_at, opened_by,
                       version) VALUES ($1, $2, $3, $4, 'Lô', $5, $5, $5, 0, $6, 1)"
                ),
                &params![id, self.org, product, place, id.to_string(), self.manager],
            )
            .await
            .expect("a lot");
        id
    }

    pub(crate) async fn count(&self, statement: store::Sql) -> i64 {
        let row = self.app.store.query_one(statement, &[]).await.expect("a count");
        row.expect("a row").get(0).expect("a number")
    }

    /// A browser in which somebody has signed in.
    pub(crate) async fn browser(&self, account: i64) -> Browser {
        let mut response = StatusCode::OK.into_response();
        session::begin(&self.app, &mut response, account).await.expect("a session");
        let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text");
        let session = cookie.split(';').next().expect("a cookie");
        Browser { cookie: format!("{session}; nguon_form={CSRF}"), ..Browser::anonymous(&self.app) }
    }
}

/// Makes a person of the administration over agriculture.
pub(crate) async fn staff(app: &App, role: &str, area: &str) -> Account {
    let id = app.id();
    app.store
        .execute(
            sql!(
                "INSERT INTO account (id, login, name, password, language, state, created_at)
                 VALUES ($1, $2, 'Cán bộ minh hoạ', '', 'vi', 'active', 0)"
            ),
            &params![id, id.to_string()],
        )
        .await
        .expect("an account");
    app.store
        .execute(
            sql!("INSERT INTO staff_role (account, role, sector, area, valid_from) VALUES ($1, $2, 'agriculture', $3, 0)"),
            &params![id, role, area],
        )
        .await
        .expect("a role");
    account::load(&app.store, id, app.now()).await.expect("it loads").expect("it is there")
}

/// An organisation that applied: its manager and its id.
pub(crate) async fn organisation(app: &App, name: &str, kind: &str, commune: &str) -> (i64, i64) {
    let number = app.id();
    let application = Application {
        kind: kind.to_owned(),
        legal_name: format!("{name} (minh hoạ)"),
        tax_code: number.to_string(),
        representative: "Lò Văn Pánh".to_owned(),
        phone: "+84912345678".to_owned(),
        email: String::new(),
        commune: commune.to_owned(),
        old_unit: String::new(),
        address_line: "Bản Phủ".to_owned(),
        illustrative: true,
    };
    let made = join::create(app, &application, "Lò Văn Pánh", &number.to_string(), "", "vi").await;
    let Ok(made) = made else { panic!("an organisation joins") };
    made
}

/// The sentence of a refusal; anything else fails the test.
pub(crate) fn refusal<T>(result: Result<T, Fail>) -> String {
    match result {
        Err(Fail::Refused { vi, .. }) => vi,
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("it was not refused"),
    }
}

const CSRF: &str = "0123456789abcdef0123456789abcdef";

/// A browser without a window or scripts.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    cookie: String,
    key: Option<String>,
    origin: Option<&'static str>,
    token: &'static str,
}

impl Browser {
    /// One that is signed in nowhere.
    pub(crate) fn anonymous(app: &App) -> Browser {
        Browser {
            router: server::router(app.clone()).0,
            cookie: format!("nguon_form={CSRF}"),
            key: None,
            origin: None,
            token: CSRF,
        }
    }

    /// A program with an API key.
    pub(crate) fn with_key(app: &App, key: &str) -> Browser {
        Browser { cookie: String::new(), key: Some(key.to_owned()), ..Browser::anonymous(app) }
    }

    /// The same, sending forms with a token that no page gave it.
    pub(crate) fn forged_token(&self) -> Browser {
        Browser { token: "ffffffffffffffffffffffffffffffff", ..self.clone() }
    }

    /// The same, sending forms from a page of another site.
    pub(crate) fn at_site(&self, origin: &'static str) -> Browser {
        Browser { origin: Some(origin), ..self.clone() }
    }

    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request =
            Request::builder().method(method).uri(path).header(header::COOKIE, &self.cookie);
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        if let Some(origin) = self.origin {
            request = request.header(header::ORIGIN, origin).header(header::HOST, "nguon.example");
        }
        request
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let request = self.request(Method::GET, path).body(Body::empty());
        self.router.clone().oneshot(request.expect("a request")).await.expect("an answer")
    }

    /// Asks what an address can do.
    pub(crate) async fn options(&self, path: &str) -> Response {
        let request = self.request(Method::OPTIONS, path).body(Body::empty());
        self.router.clone().oneshot(request.expect("a request")).await.expect("an answer")
    }

    /// Asks to delete something.
    pub(crate) async fn delete(&self, path: &str) -> Response {
        let request = self.request(Method::DELETE, path).body(Body::empty());
        self.router.clone().oneshot(request.expect("a request")).await.expect("an answer")
    }

    /// Sends a form with files, as a page does whose form has a file field.
    pub(crate) async fn post(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Response {
        let mut body = Vec::new();
        for (name, value) in fields.iter().chain(&[("csrf", self.token)]) {
            let part = format!(
                "--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.as_bytes());
        }
        for (name, file, bytes) in files {
            let part = format!(
                "--cut\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n"
            );
            body.extend(part.as_bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--cut--\r\n");
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
            .body(Body::from(body));
        self.router.clone().oneshot(request.expect("a request")).await.expect("an answer")
    }
}

pub(crate) async fn text(response: Response) -> String {
    String::from_utf8(bytes(response).await).expect("UTF-8")
}

pub(crate) async fn bytes(response: Response) -> Vec<u8> {
    response.into_body().collect().await.expect("a body").to_bytes().to_vec()
}

/// Where a form that was done leads, without its notice.
pub(crate) fn location(response: &Response) -> String {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let path = response.headers()[header::LOCATION].to_str().expect("text");
    path.split('?').next().expect("a path").to_owned()
}
