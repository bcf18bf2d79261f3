//! A subscriber's machine: a small HTTP server on a free port of this one, which behaves as a test tells it to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::epcis_api::list;

/// How the next document is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Take,
    /// Another status; nothing was taken.
    Status(u16),
    /// Reads everything and says nothing until the caller hangs up. It did take it.
    Silence,
    /// Hangs up without a word.
    Close,
    /// Says where else to go, which must not be followed.
    Redirect,
    /// Says 200 and then more and more.
    Flood,
}

/// One document as it came.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) manner: Manner,
    pub(crate) head: Vec<(String, String)>,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn document(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The ids of its events.
    pub(crate) fn ids(&self) -> Vec<String> {
        list(&self.document())
            .iter()
            .map(|event| event["eventID"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[derive(Default)]
struct State {
    manners: Mutex<VecDeque<Manner>>,
    otherwise: Mutex<Option<Manner>>,
    got: Mutex<Vec<Got>>,
    came: Notify,
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    state: Arc<State>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    pub(crate) async fn new() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events?from=nguon", listener.local_addr().unwrap());
        let state = Arc::new(State::default());
        let task = {
            let state = Arc::clone(&state);
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(meet(stream, Arc::clone(&state)));
                }
            })
        };
        Receiver { url, state, task }
    }

    /// The manners of the next documents in turn; after them it takes everything.
    pub(crate) fn will(&self, manners: impl IntoIterator<Item = Manner>) {
        self.state.manners.lock().unwrap().extend(manners);
    }

    /// Its manner from now on.
    pub(crate) fn always(&self, manner: Manner) {
        self.state.manners.lock().unwrap().clear();
        *self.state.otherwise.lock().unwrap() = Some(manner);
    }

    /// All that came, in order.
    pub(crate) fn got(&self) -> Vec<Got> {
        self.state.got.lock().unwrap().clone()
    }

    /// Ids of the events that it said to have taken, in the order in which they came.
    pub(crate) fn taken(&self) -> Vec<String> {
        let got = self.got();
        got.iter().filter(|one| one.manner == Manner::Take).flat_map(Got::ids).collect()
    }

    /// Waits until so many documents have come.
    pub(crate) async fn has(&self, count: usize) {
        loop {
            let came = self.state.came.notified();
            if self.state.got.lock().unwrap().len() >= count {
                return;
            }
            came.await;
        }
    }
}

async fn meet(stream: TcpStream, state: Arc<State>) {
    let mut stream = BufReader::new(stream);
    // Who speaks TLS here is answered as servers do that do not.
    if stream.fill_buf().await.is_ok_and(|begun| begun.first() == Some(&0x16)) {
        let _ = stream.get_mut().write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        return;
    }
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let path = lines[0].split(' ').nth(1).unwrap().to_owned();
    assert!(lines[0].starts_with("POST "));
    let head: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = head.iter().find(|(name, _)| name == "content-length").unwrap().1.parse().unwrap();
    let mut body = vec![0; length];
    if stream.read_exact(&mut body).await.is_err() {
        return;
    }
    let otherwise = state.otherwise.lock().unwrap().unwrap_or(Manner::Take);
    let manner = state.manners.lock().unwrap().pop_front().unwrap_or(otherwise);
    state.got.lock().unwrap().push(Got { manner, head, path, body });
    state.came.notify_waiters();
    let mut stream = stream.into_inner();
    let answer = match manner {
        Manner::Take => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
        Manner::Status(status) => format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n"),
        Manner::Redirect => {
            "HTTP/1.1 307 There\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
                .to_owned()
        }
        Manner::Close => return,
        Manner::Silence => {
            // Until the caller hangs up.
            let _ = stream.read(&mut [0]).await;
            return;
        }
        Manner::Flood => {
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n").await;
            while stream.write_all(&[b'x'; 8_192]).await.is_ok() {}
            return;
        }
    };
    let _ = stream.write_all(answer.as_bytes()).await;
}
