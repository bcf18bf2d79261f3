//! A browser of a few lines: keeps cookies, sends forms with their token, follows nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use server::app::{App, Clock, Config, Micros};
use store::Store;
use tower::ServiceExt;

/// A clock that stands until it is turned: 22/11/2026 08:00 in Việt Nam.
pub(crate) struct Hands(AtomicI64);

pub(crate) const NOON: Micros = 1_795_309_200_000_000;

impl Clock for Hands {
    fn now(&self) -> Micros {
        // A microsecond a look keeps ids and times in order.
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

impl Hands {
    pub(crate) fn turn(&self, by: Micros) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }
}

/// An application on a test database.
pub(crate) fn application(store: Store) -> (App, Arc<Hands>) {
    let hands = Arc::new(Hands(AtomicI64::new(NOON)));
    let config = Config {
        public_url: "https://nguon.example".to_owned(),
        province: "11".to_owned(),
        secure_cookies: false,
        demonstration: false,
        behind_proxy: false,
    };
    (App::new(store, config, hands.clone(), [7; 32]), hands)
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }
}

#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    cookies: BTreeMap<String, String>,
    pub(crate) key: Option<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Client {
    pub(crate) fn of(app: &App) -> Client {
        let (router, _) = server::router(app.clone());
        Client { router, cookies: BTreeMap::new(), key: None, headers: Vec::new() }
    }

    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        if let Some(key) = &self.key {
            request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
        }
        for (name, value) in &self.headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form, with the token that a page would have carried.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        if !self.cookies.contains_key("nguon_form") {
            self.get("/sign-in").await;
        }
        let token = self.cookies.get("nguon_form").cloned().unwrap_or_default();
        let mut body = format!("csrf={token}");
        for (name, value) in fields {
            body.push('&');
            body.push_str(name);
            body.push('=');
            body.extend(percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC));
        }
        let kind = "application/x-www-form-urlencoded";
        self.send(Request::post(path).header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn post_json(&mut self, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/ld+json");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Signs in; fails the test where that is refused.
    pub(crate) async fn sign_in(mut self, login: &str, password: &str) -> Client {
        let answer = self.post("/sign-in", &[("login", login), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        self
    }
}
