//! Subscriptions over a WebSocket: `GET /queries/{queryName}/events` with `Upgrade: websocket`. The connection is the
//! subscription; it remembers nothing when it ends. Nothing is queued for it either: each document is read from the log when
//! the one before has gone out, so that a slow client holds up only itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::EventTime;
use store::{Seq, params, sql};

use super::body::{one_of_both, record_time, unfit_to_follow, wrong_schedule};
use super::deliver::{fitting, narrowed};
use super::register::{BATCH, first_position};
use super::schedule::Schedule;
use crate::app::{App, Micros};
use crate::capture::problem;
use crate::identity::key::KeyHolder;
use crate::query::format::{Format, Title, Unwritten};
use crate::query::named::{self, Named, Wrong, wrong_body};
use crate::query::since;
use crate::shared::Fail;
use crate::shared::guard::Visit;
use crate::shared::text::OFFSET_MINUTES;

/// Connections that one key holds open, and all keys together, on one node.
const MOST_OF_KEY: usize = 8;
const MOST: usize = 1_000;
/// How often the log is looked at for what other nodes wrote, and the key for having been revoked.
const POLL: Duration = Duration::from_secs(1);
/// A client that says nothing for two of these, not even `pong`, is gone.
const PING_EVERY: Duration = Duration::from_secs(30);
/// How long a client may take to receive one document.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// Clients have nothing to say but `pong` and `close`.
const LONGEST_MESSAGE: usize = 4 << 10;

/// The connections open on this node, by key.
#[derive(Debug, Clone, Default)]
pub struct Sockets(Arc<Mutex<HashMap<i64, usize>>>);

/// A place among the open connections, given back when it is dropped.
struct Place {
    sockets: Sockets,
    key: i64,
}

impl Sockets {
    fn open(&self) -> std::sync::MutexGuard<'_, HashMap<i64, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.open().values().sum()
    }

    fn take(&self, key: i64) -> Option<Place> {
        let mut open = self.open();
        let all: usize = open.values().sum();
        let of_key = open.entry(key).or_default();
        if all >= MOST || *of_key >= MOST_OF_KEY {
            return None;
        }
        *of_key += 1;
        metrics::gauge!("subscription_sockets").increment(1.0);
        Some(Place { sockets: self.clone(), key })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.sockets.open();
        if let Some(count) = open.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.key);
            }
        }
        metrics::gauge!("subscription_sockets").decrement(1.0);
    }
}

/// Waits, not for long, until the connections have been closed that are told to end.
pub async fn closed(app: &App) {
    let all = async {
        while app.sockets.count() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(3), all).await;
}

/// The wish for a WebSocket, where a request has it.
#[derive(Debug)]
pub struct Wanted(pub Option<WebSocketUpgrade>);

impl FromRequestParts<App> for Wanted {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Wanted, Fail> {
        let asked = parts.headers.get(header::UPGRADE).is_some_and(|to| {
            to.to_str().is_ok_and(|to| to.to_ascii_lowercase().contains("websocket"))
        });
        if !asked {
            return Ok(Wanted(None));
        }
        let upgrade = WebSocketUpgrade::from_request_parts(parts, app).await.map_err(|why| {
            Fail::with(
                StatusCode::BAD_REQUEST,
                format!("Yêu cầu mở WebSocket không hợp lệ: {why}."),
                format!("This cannot become a WebSocket: {why}."),
            )
        })?;
        Ok(Wanted(Some(upgrade)))
    }
}

/// What a client subscribes to, until it goes.
struct Following {
    app: App,
    holder: KeyHolder,
    format: Format,
    named: Named,
    schedule: Option<Schedule>,
    report_if_empty: bool,
    position: Seq,
    _place: Place,
}

/// What the parameters of the address ask for.
#[derive(Debug, PartialEq)]
struct Asked {
    schedule: Option<Schedule>,
    report_if_empty: bool,
    initial_record_time: Option<Micros>,
}

fn read(asked: &[(String, String)]) -> Result<Asked, Wrong> {
    let mut fields = Vec::new();
    let (mut stream, mut report_if_empty, mut initial_record_time) = (false, false, None);
    let flag = |name: &str, value: &str| {
        value.parse::<bool>().map_err(|_| {
            Wrong::new(
                "subscription.flag",
                format!("/{name}"),
                format!("“{name}” là true hoặc false."),
                format!("“{name}” is true or false."),
            )
        })
    };
    for (name, value) in asked {
        match name.as_str() {
            "stream" => stream = flag(name, value)?,
            "reportIfEmpty" => report_if_empty = flag(name, value)?,
            "initialRecordTime" => initial_record_time = Some(record_time(value)?),
            "lang" => {}
            // Unknown names are told as such by the schedule.
            _ => fields.push((name.as_str(), value.as_str())),
        }
    }
    let schedule = match (fields.is_empty(), stream) {
        (true, true) => None,
        (false, false) => {
            Some(Schedule::parse(fields).map_err(|wrong| wrong_schedule(&wrong, String::new()))?)
        }
        _ => return Err(one_of_both()),
    };
    Ok(Asked { schedule, report_if_empty, initial_record_time })
}

/// Opens a subscription over a WebSocket.
pub async fn open(
    app: &App,
    visit: &Visit,
    holder: &KeyHolder,
    format: Format,
    mut named: Named,
    asked: &[(String, String)],
    upgrade: WebSocketUpgrade,
) -> Result<Response, Fail> {
    const EXCEPTION: &str = "SubscriptionControlsException";
    let l = visit.l;
    let asked = match read(asked) {
        Ok(asked) => asked,
        Err(wrong) => return Ok(wrong_body(l, EXCEPTION, &[wrong])),
    };
    if let Some(wrong) = unfit_to_follow(&named.query) {
        return Ok(wrong_body(l, EXCEPTION, &[wrong]));
    }
    let Some(place) = app.sockets.take(holder.key) else {
        let title =
            l.t("Khóa này đang mở quá nhiều kết nối", "This key holds too many connections open");
        let status = StatusCode::TOO_MANY_REQUESTS;
        return Ok(problem::problem(status, "ImplementationException", title, "", &[]));
    };
    named.query = narrowed(named.query, asked.initial_record_time);
    let position = first_position(app, asked.initial_record_time).await?;
    let from = asked.initial_record_time.unwrap_or_else(|| app.now());
    let following = Following {
        app: app.clone(),
        holder: holder.clone(),
        format,
        named,
        schedule: asked.schedule,
        report_if_empty: asked.report_if_empty,
        position,
        _place: place,
    };
    let upgrade = upgrade.max_message_size(LONGEST_MESSAGE).max_frame_size(LONGEST_MESSAGE);
    let mut response = upgrade.on_upgrade(|socket| following.run(socket)).into_response();
    let from = EventTime { micros: from, offset_minutes: 0 }.utc_text();
    let from = HeaderValue::from_str(&from).map_err(Fail::internal)?;
    response.headers_mut().insert("gs1-query-min-record-time", from);
    Ok(response)
}

/// Why a connection ends, as its close frame says.
struct End(u16, &'static str);

const GONE: End = End(close_code::NORMAL, "");
const SHUTDOWN: End = End(close_code::AWAY, "the server ends");
const REVOKED: End = End(close_code::POLICY, "the key was revoked");
const DELETED: End = End(close_code::NORMAL, "the query was deleted");
const FAILED: End = End(close_code::ERROR, "the server failed");
const SLOW: End = End(close_code::AGAIN, "the client takes too long");
const UNSAYABLE: End = End(close_code::ERROR, "some of the content cannot be said in XML");

impl Following {
    async fn run(mut self, mut socket: WebSocket) {
        let End(code, reason) = self.follow(&mut socket).await;
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        let _ = tokio::time::timeout(SEND_WITHIN, socket.send(close)).await;
    }

    async fn follow(&mut self, socket: &mut WebSocket) -> End {
        let mut grown = self.app.store.subscribe();
        let mut heard = true;
        let mut ping = tokio::time::interval(PING_EVERY);
        let mut next_at = self.next_time();
        loop {
            grown.mark_unchanged();
            match self.still_allowed().await {
                Ok(None) => {}
                Ok(Some(end)) => return end,
                Err(fail) => return failed(&fail),
            }
            if next_at <= self.app.now() {
                if let Err(end) = self.send_due(socket).await {
                    return end;
                }
                next_at = self.next_time();
            }
            let wait = Duration::from_micros((next_at - self.app.now()).max(0) as u64);
            let wait = if self.schedule.is_some() { wait.min(POLL) } else { POLL };
            tokio::select! {
                () = self.app.told_to_end() => return SHUTDOWN,
                said = socket.recv() => match said {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return GONE,
                    Some(Ok(_)) => heard = true,
                },
                _ = ping.tick() => {
                    if !heard {
                        return GONE;
                    }
                    heard = false;
                    if let Err(end) = send(socket, Message::Ping(Vec::new().into())).await {
                        return end;
                    }
                }
                () = tokio::time::sleep(wait) => {}
                Ok(()) = grown.changed(), if self.schedule.is_none() => {}
            }
        }
    }

    /// When there is something to send: at the next time of the schedule, or whenever the log has grown.
    fn next_time(&self) -> Micros {
        self.schedule
            .as_ref()
            .map_or(0, |schedule| schedule.next(self.app.now()).unwrap_or(Micros::MAX))
    }

    /// Whether the key is still good and the query still there.
    async fn still_allowed(&self) -> Result<Option<End>, Fail> {
        let key = self
            .app
            .store
            .find(
                sql!("SELECT id FROM api_key WHERE id = $1 AND revoked_at IS NULL"),
                &params![self.holder.key],
            )
            .await?;
        if key.is_none() {
            return Ok(Some(REVOKED));
        }
        let exists = named::exists(&self.app, self.holder.organisation, &self.named.name).await?;
        Ok((!exists).then_some(DELETED))
    }

    /// Whether a backlog may be sent on: it may be long, and the node, the key or the query may end meanwhile.
    async fn goes_on(&self) -> Result<(), End> {
        tokio::select! {
            biased;
            () = self.app.told_to_end() => return Err(SHUTDOWN),
            () = std::future::ready(()) => {}
        }
        match self.still_allowed().await {
            Ok(None) => Ok(()),
            Ok(Some(end)) => Err(end),
            Err(fail) => Err(failed(&fail)),
        }
    }

    /// Sends what came since the last time.
    async fn send_due(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let head = self.app.store.head().await.map_err(|error| failed(&error.into()))?;
        let mut empty = self.schedule.is_some() && self.report_if_empty;
        while self.position < head || empty {
            self.goes_on().await?;
            let owner = self.holder.organisation;
            let query = &self.named.query;
            let found = since(&self.app, owner, query, self.position, head, BATCH as usize).await;
            let (mut events, reached) = found.map_err(|fail| failed(&fail))?;
            let reached = fitting(&mut events, reached);
            if !events.is_empty() || empty && reached >= head {
                let created = EventTime { micros: self.app.now(), offset_minutes: OFFSET_MINUTES };
                let title = Title { query_name: &self.named.name, subscription: None, created };
                let text = self.format.document(&events, title).map_err(|why| match why {
                    Unwritten::Unsayable(_) => UNSAYABLE,
                    Unwritten::Fail(fail) => failed(&fail),
                })?;
                send(socket, Message::Text(text.into())).await?;
                metrics::counter!("subscription_socket_documents_total").increment(1);
                empty = false;
            }
            self.position = reached;
        }
        Ok(())
    }
}

fn failed(fail: &Fail) -> End {
    tracing::warn!(cause = %fail, "a subscription over a WebSocket failed");
    FAILED
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), End> {
    match tokio::time::timeout(SEND_WITHIN, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(GONE),
        Err(_) => Err(SLOW),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Result<Asked, &'static str> {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        read(&pairs).map_err(|wrong| wrong.rule)
    }

    #[test]
    fn an_address_asks_for_a_schedule_or_for_the_stream() {
        let scheduled = asked(&[("minute", "5"), ("hour", "1")]).expect("a schedule");
        assert!(scheduled.schedule.is_some());
        let stream = asked(&[("stream", "true"), ("reportIfEmpty", "false")]).expect("a stream");
        assert_eq!(
            stream,
            Asked { schedule: None, report_if_empty: false, initial_record_time: None }
        );
        for (pairs, rule) in [
            (&[][..], "subscription.when"),
            (&[("stream", "false")], "subscription.when"),
            (&[("stream", "true"), ("minute", "5")], "subscription.when"),
            (&[("stream", "yes")], "subscription.flag"),
            (&[("perPage", "5")], "subscription.schedule"),
            (&[("minute", "61")], "subscription.schedule"),
            (&[("stream", "true"), ("initialRecordTime", "now")], "subscription.time"),
        ] {
            assert_eq!(asked(pairs), Err(rule), "{pairs:?}");
        }
    }

    #[test]
    fn a_key_holds_so_many_connections_and_no_more() {
        let sockets = Sockets::default();
        let held: Vec<Place> = (0..MOST_OF_KEY).filter_map(|_| sockets.take(1)).collect();
        assert_eq!(held.len(), MOST_OF_KEY);
        assert!(sockets.take(1).is_none());
        assert!(sockets.take(2).is_some());
        drop(held);
        assert_eq!(sockets.count(), 0);
        assert!(sockets.take(1).is_some());
    }
}
