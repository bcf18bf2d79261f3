//! Subscriptions over a WebSocket, through a real server and a client of another make.

use axum::http::StatusCode;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use server::app::App;
use store::testing::each_engine;
use store::{params, sql};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::epcis_api::{Program, document, event, list};
use crate::ground::Ground;

/// A node that serves on a port of its own until it is told to end.
struct Node {
    address: std::net::SocketAddr,
    end: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Node {
    async fn of(app: &App) -> Node {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel();
        let served = tokio::spawn(server::serve(app.clone(), listener, None, async {
            let _ = ended.await;
        }));
        Node { address, end: Some(end), served }
    }

    fn tell_to_end(&mut self) {
        let _ = self.end.take().unwrap().send(());
    }

    /// Opens a WebSocket; the status where there will be none.
    async fn open(&self, path: &str, key: &str) -> Result<WebSocketStream<TcpStream>, StatusCode> {
        let mut request = format!("ws://{}{path}", self.address).into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {key}").parse().unwrap());
        // Little is under way at a time, so that a client that does not read holds the server up.
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 << 10).unwrap();
        let stream = socket.connect(self.address).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, answer)) => {
                assert!(answer.headers().contains_key("gs1-query-min-record-time"));
                Ok(socket)
            }
            Err(Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("{error}"),
        }
    }
}

/// The next document.
async fn heard(socket: &mut WebSocketStream<TcpStream>) -> Value {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The code with which the server ends the connection.
async fn closed(socket: &mut WebSocketStream<TcpStream>) -> u16 {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Close(frame) => return frame.unwrap().code.into(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn ids(document: &Value) -> Vec<&str> {
    list(document).iter().map(|event| event["eventID"].as_str().unwrap()).collect()
}

async fn ground(store: store::Store) -> (Ground, Program, Node) {
    let g = Ground::new(store).await;
    let program = Program::new(&g, g.org, g.manager).await;
    let body = json!({"name": "q", "query": {"EQ_bizStep": ["shipping"]}});
    assert_eq!(program.post_json("/epcis/queries", &body).await.0, StatusCode::CREATED);
    let node = Node::of(&g.app).await;
    (g, program, node)
}

async fn capture(program: &Program, id: &str, step: &str) {
    let one = event(id, step, "urn:x:item", &json!({}));
    assert_eq!(program.capture(document(&[one])).await["success"], json!(true));
}

const STREAM: &str = "/epcis/queries/q/events?stream=true";

#[tokio::test]
async fn events_come_over_a_websocket_until_the_server_ends() {
    each_engine(|store| async move {
        let (_g, program, mut node) = ground(store).await;
        capture(&program, "urn:x:before", "shipping").await;
        let mut socket = node.open(STREAM, program.secret()).await.unwrap();
        capture(&program, "urn:x:1", "storing").await;
        capture(&program, "urn:x:2", "shipping").await;
        let first = heard(&mut socket).await;
        assert_eq!(ids(&first), ["urn:x:2"]);
        assert_eq!(first["epcisBody"]["queryResults"]["queryName"], json!("q"));
        socket.send(Message::Ping("here".into())).await.unwrap();
        capture(&program, "urn:x:3", "shipping").await;
        assert_eq!(ids(&heard(&mut socket).await), ["urn:x:3"]);
        let past = "/epcis/queries/q/events?stream=true&initialRecordTime=2026-01-01T00:00:00Z";
        let mut second = node.open(past, program.secret()).await.unwrap();
        assert_eq!(ids(&heard(&mut second).await), ["urn:x:before", "urn:x:2", "urn:x:3"]);
        node.tell_to_end();
        for socket in [&mut socket, &mut second] {
            assert_eq!(closed(socket).await, 1001);
        }
        drop((socket, second));
        node.served.await.unwrap().unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_schedule_is_kept_over_a_websocket_too() {
    each_engine(|store| async move {
        let (g, program, node) = ground(store).await;
        let path = "/epcis/queries/q/events?hour=10&minute=0&reportIfEmpty=true";
        let mut socket = node.open(path, program.secret()).await.unwrap();
        capture(&program, "urn:x:1", "shipping").await;
        g.clock.forward(3_600_000_000);
        assert_eq!(ids(&heard(&mut socket).await), ["urn:x:1"]);
        g.clock.forward(24 * 3_600_000_000);
        assert!(ids(&heard(&mut socket).await).is_empty(), "a report of nothing");
    })
    .await;
}

#[tokio::test]
async fn a_connection_ends_with_its_key_and_with_its_query() {
    each_engine(|store| async move {
        let (g, program, node) = ground(store).await;
        let mut by_query = node.open(STREAM, program.secret()).await.unwrap();
        assert_eq!(program.delete("/epcis/queries/q").await, StatusCode::NO_CONTENT);
        assert_eq!(closed(&mut by_query).await, 1000);
        let simple = "/epcis/queries/SimpleEventQuery/events?stream=true";
        let mut by_key = node.open(simple, program.secret()).await.unwrap();
        let revoke = sql!("UPDATE api_key SET revoked_at = $1");
        g.app.store.execute(revoke, &params![g.app.now()]).await.unwrap();
        assert_eq!(closed(&mut by_key).await, 1008);
        assert_eq!(
            node.open(simple, program.secret()).await.unwrap_err(),
            StatusCode::UNAUTHORIZED
        );
    })
    .await;
}

#[tokio::test]
async fn a_backlog_ends_with_the_key_too() {
    each_engine(|store| async move {
        let (g, program, node) = ground(store).await;
        // A megabyte each, so that each is a document and the connection holds only a few.
        let filler = vec!["x".repeat(60_000); 17];
        let more = json!({"@context": [{"ex": "https://ex.vn/"}], "ex:x": filler});
        for number in 0..18 {
            let one = event(&format!("urn:x:{number}"), "shipping", "urn:x:item", &more);
            assert_eq!(program.capture(document(&[one])).await["success"], json!(true));
        }
        let path = format!("{STREAM}&initialRecordTime=2020-01-01T00:00:00Z");
        let mut socket = node.open(&path, program.secret()).await.unwrap();
        assert_eq!(ids(&heard(&mut socket).await).len(), 1);
        let revoke = sql!("UPDATE api_key SET revoked_at = $1");
        g.app.store.execute(revoke, &params![g.app.now()]).await.unwrap();
        let mut more = 0;
        let code = loop {
            match socket.next().await.unwrap().unwrap() {
                Message::Text(_) => more += 1,
                Message::Close(frame) => break u16::from(frame.unwrap().code),
                _ => {}
            }
        };
        assert_eq!(code, 1008);
        assert!(more < 17, "all of the backlog was sent");
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_cannot_be_is_refused_before_it_opens() {
    each_engine(|store| async move {
        let (g, program, node) = ground(store).await;
        let key = program.secret();
        for (path, status) in [
            ("/epcis/queries/q/events", StatusCode::BAD_REQUEST),
            ("/epcis/queries/q/events?stream=true&minute=5", StatusCode::BAD_REQUEST),
            ("/epcis/queries/q/events?minute=60", StatusCode::BAD_REQUEST),
            ("/epcis/queries/q/events?stream=true&perPage=5", StatusCode::BAD_REQUEST),
            ("/epcis/queries/none/events?stream=true", StatusCode::NOT_FOUND),
        ] {
            assert_eq!(node.open(path, key).await.unwrap_err(), status, "{path}");
        }
        assert_eq!(node.open(STREAM, "nguon_wrong").await.unwrap_err(), StatusCode::UNAUTHORIZED);
        let mut open = Vec::new();
        for _ in 0..8 {
            open.push(node.open(STREAM, key).await.unwrap());
        }
        assert_eq!(node.open(STREAM, key).await.unwrap_err(), StatusCode::TOO_MANY_REQUESTS);
        let other = Program::new(&g, g.org, g.manager).await;
        assert!(
            node.open(STREAM, other.secret()).await.is_ok(),
            "another key has places of its own"
        );
        // A client that goes gives its place back.
        open.pop().unwrap().close(None).await.unwrap();
        while node.open(STREAM, key).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
