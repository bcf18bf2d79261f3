//! `kill -9` on the running portal while programs capture through its HTTP door: every event that
//! was answered 201 is there after the restart, whole, and the log has no gap.
//! `NGUON_CRASH_CYCLES` says how often (4 by default, per engine). Firms are invented (minh hoạ).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};
use store::Store;
use store::testing::Cluster;

use crate::firm::firm;

const WRITERS: usize = 6;

fn cycles() -> usize {
    std::env::var("NGUON_CRASH_CYCLES").ok().and_then(|said| said.parse().ok()).unwrap_or(4)
}

/// A running `nguon serve`.
struct Portal {
    child: Child,
    address: SocketAddr,
}

impl Portal {
    fn start(place: &[&str]) -> Portal {
        let mut child = Command::new(env!("CARGO_BIN_EXE_nguon"))
            .args(["serve", "--listen", "127.0.0.1:0", "--metrics", ""])
            .args(["--public-url", "http://127.0.0.1"])
            .args(place)
            .env("NGUON_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("listening on http://") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "the portal starts");
        }
        thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let address = line.trim().rsplit("http://").next().unwrap().parse().unwrap();
        Portal { child, address }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// One connection to the portal with an API key.
struct Program<'a> {
    stream: BufReader<TcpStream>,
    secret: &'a str,
}

impl<'a> Program<'a> {
    fn at(address: SocketAddr, secret: &'a str) -> std::io::Result<Program<'a>> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Program { stream: BufReader::new(stream), secret })
    }

    /// The status and the body of an answer that came whole; a program that is told to slow down
    /// does.
    fn ask(&mut self, line: &str, body: &str) -> std::io::Result<(u16, Vec<u8>)> {
        loop {
            match self.ask_once(line, body)? {
                (429, _) => thread::sleep(Duration::from_millis(200)),
                answered => return Ok(answered),
            }
        }
    }

    fn ask_once(&mut self, line: &str, body: &str) -> std::io::Result<(u16, Vec<u8>)> {
        let request = format!(
            "{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nContent-Type: application/ld+json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.secret,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let (mut status, mut length) = (None, 0);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 || !line.ends_with('\n') {
                return Err(cut());
            }
            let line = line.trim();
            if line.is_empty() {
                break;
            }
            if status.is_none() {
                status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
            } else if let Some(said) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = said.trim().parse().map_err(|_| cut())?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status.ok_or_else(cut)?, body))
    }
}

fn event(id: &str) -> String {
    format!(
        "{{\"@context\":\"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld\",\"type\":\"ObjectEvent\",\
         \"eventID\":\"{id}\",\"eventTime\":\"2026-11-01T08:00:00+07:00\",\"eventTimeZoneOffset\":\"+07:00\",\
         \"epcList\":[\"urn:epc:id:sgtin:0614141.107346.2017\"],\"action\":\"OBSERVE\",\"bizStep\":\"storing\"}}"
    )
}

/// Some moment within a second, another each time.
fn wait_at_random(cycle: usize) {
    let digest = Sha256::digest(format!("{cycle} {}", std::process::id()));
    let milliseconds = 100 + u64::from(u16::from_be_bytes([digest[0], digest[1]])) % 700;
    thread::sleep(Duration::from_millis(milliseconds));
}

/// Kills the portal again and again; returns how many events it had acknowledged.
fn killed_and_checked(address: &str, place: &[&str], secret: &str) -> usize {
    let mut acknowledged: Vec<String> = Vec::new();
    for cycle in 0..cycles() {
        let portal = Portal::start(place);
        let at = portal.address;
        thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| scope.spawn(move || write_until_killed(at, secret, cycle, writer)))
                .collect();
            wait_at_random(cycle);
            portal.kill();
            for writer in writers {
                acknowledged.extend(writer.join().unwrap());
            }
        });
    }
    let portal = Portal::start(place);
    let mut reader = Program::at(portal.address, secret).unwrap();
    for id in &acknowledged {
        let (status, body) = reader.ask(&format!("GET /epcis/events/{id}"), "").unwrap();
        assert_eq!(status, 200, "{id} was acknowledged and is lost");
        let found: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(found["eventID"], serde_json::json!(id), "{id} is whole");
    }
    portal.kill();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let report = runtime.block_on(async {
        let store = Store::open(address).await.unwrap();
        let report = store::fsck(&store, server::capture::postings_of).await.unwrap();
        store.close().await;
        report
    });
    assert!(report.is_sound(), "{report:?}");
    assert!(report.events >= acknowledged.len() as u64);
    acknowledged.len()
}

/// The ids that were answered 201 before the connection broke.
fn write_until_killed(at: SocketAddr, secret: &str, cycle: usize, writer: usize) -> Vec<String> {
    let mut taken = Vec::new();
    let Ok(mut program) = Program::at(at, secret) else { return taken };
    for number in 0.. {
        let id = format!("urn:x:{cycle}:{writer}:{number}");
        match program.ask("POST /epcis/events", &event(&id)) {
            Ok((201, _)) => taken.push(id),
            Ok((status, body)) => {
                panic!("{id} answered {status}: {}", String::from_utf8_lossy(&body))
            }
            Err(_) => break,
        }
    }
    taken
}

#[test]
fn nothing_acknowledged_is_lost_when_the_portal_on_sqlite_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let address = format!("sqlite:{}", folder.path().join("nguon.db").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let secret = runtime.block_on(async {
        let store = Store::open(&address).await.unwrap();
        store.migrate().await.unwrap();
        firm(store).await.key
    });
    let count = killed_and_checked(&address, &["--data", &data], &secret);
    eprintln!("sqlite: {} cycles, {count} acknowledged, 0 lost", cycles());
    assert!(count > cycles(), "the kills hit a portal that was taking events");
}

#[test]
fn nothing_acknowledged_is_lost_when_the_portal_on_postgresql_is_killed() {
    let Some(cluster) = Cluster::for_test(&[]) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let secret = runtime.block_on(async {
        let store = Store::open(cluster.address()).await.unwrap();
        store.migrate().await.unwrap();
        firm(store).await.key
    });
    let count = killed_and_checked(cluster.address(), &["--database", cluster.address()], &secret);
    eprintln!("postgresql: {} cycles, {count} acknowledged, 0 lost", cycles());
    assert!(count > cycles(), "the kills hit a portal that was taking events");
}
