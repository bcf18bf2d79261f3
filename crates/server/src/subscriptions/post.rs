//! One `POST` to a subscriber, over a connection of our own: to an address that was judged, without redirects, within a time
//! and a size. What the receiver says beyond its status is not read.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use sha2::Sha256;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::dest::Dest;
use super::failure::Failure;
use crate::app::Webhooks;
use crate::capture::problem::VERSION;

/// Most bytes of the head of an answer.
const LONGEST_HEAD: usize = 16 << 10;

/// What is sent.
#[derive(Debug, Clone)]
pub struct Letter {
    pub media_type: &'static str,
    pub body: String,
    /// The subscriber's secret; without one nothing is signed.
    pub signature_token: String,
}

/// The signature of a body: HMAC with SHA-256 under the subscriber's `signatureToken`, in Base64, for the header
/// `GS1-Signature`. The binding leaves the kind open and names this one first (EPCIS 2.0 REST bindings, `POST
/// /queries/{queryName}/subscriptions`).
pub fn signature(token: &str, body: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Sends a letter; the status of the answer if it is 2xx.
pub async fn post(webhooks: Webhooks, dest: &Dest, letter: Letter) -> Result<StatusCode, Failure> {
    let sending = async {
        let addresses = match dest.resolve(webhooks.to_loopback).await {
            Ok(Ok(addresses)) => addresses,
            Ok(Err(_)) => return Err(Failure::Address),
            Err(_) => return Err(Failure::Name),
        };
        let stream = connect(&addresses).await?;
        if dest.secure {
            exchange(secured(config()?, dest, stream).await?, dest, letter).await
        } else {
            exchange(stream, dest, letter).await
        }
    };
    let status = within(webhooks.time_limit, sending).await?;
    if status.is_success() { Ok(status) } else { Err(Failure::Status(status.as_u16())) }
}

async fn within<T>(
    limit: Duration,
    doing: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::time::timeout(limit, doing).await.unwrap_or(Err(Failure::Time))
}

/// The first of the judged addresses that answers.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
    for address in addresses {
        if let Ok(stream) = TcpStream::connect(address).await {
            let _ = stream.set_nodelay(true);
            return Ok(stream);
        }
    }
    Err(Failure::Connect)
}

async fn secured(
    config: Arc<ClientConfig>,
    dest: &Dest,
    stream: TcpStream,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Failure> {
    let name = ServerName::try_from(dest.host.clone()).map_err(|_| Failure::Tls)?;
    TlsConnector::from(config).connect(name, stream).await.map_err(|_| Failure::Tls)
}

/// What we believe: the roots that browsers know.
fn config() -> Result<Arc<ClientConfig>, Failure> {
    static CONFIG: OnceLock<Option<Arc<ClientConfig>>> = OnceLock::new();
    let believed = || believing(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect());
    CONFIG.get_or_init(believed).clone().ok_or(Failure::Tls)
}

/// TLS 1.2 and 1.3 with these roots and no certificate of our own.
fn believing(roots: RootCertStore) -> Option<Arc<ClientConfig>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Some(Arc::new(builder.ok()?.with_root_certificates(roots).with_no_client_auth()))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    dest: &Dest,
    letter: Letter,
) -> Result<StatusCode, Failure> {
    let broken = |_| Failure::Broken;
    let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
        .max_buf_size(LONGEST_HEAD)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let mut request = Request::post(dest.path.as_str())
        .header(header::HOST, dest.host_header())
        .header(header::CONTENT_TYPE, letter.media_type)
        .header(header::USER_AGENT, concat!("nguon/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close")
        .header("gs1-epcis-version", VERSION)
        .header("gs1-cbv-version", VERSION);
    if !letter.signature_token.is_empty() {
        let signature = signature(&letter.signature_token, letter.body.as_bytes());
        request = request.header("gs1-signature", signature);
    }
    let request = request.body(Full::new(Bytes::from(letter.body))).map_err(|_| Failure::Broken)?;
    // The connection is driven until the head of the answer is there, and dropped with whatever follows. An answer may have
    // come with the connection's end, so that the end alone says nothing.
    let answer = sender.send_request(request);
    let (mut answer, mut connection) = (std::pin::pin!(answer), std::pin::pin!(connection));
    let mut open = true;
    loop {
        tokio::select! {
            biased;
            answer = &mut answer => return Ok(answer.map_err(broken)?.status()),
            _ = &mut connection, if open => open = false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2, whose key is a text.
    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        let hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let bytes: Vec<u8> = (0..32)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex"))
            .collect();
        assert_eq!(signature("Jefe", b"what do ya want for nothing?"), STANDARD.encode(bytes));
    }

    /// A receiver with a certificate of its own making for `receiver.example`, and somebody who believes in it.
    async fn tls_receiver() -> (u16, Arc<ClientConfig>) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let made = rcgen::generate_simple_self_signed(vec!["receiver.example".to_owned()])
            .expect("a certificate");
        let certificate = made.cert.der().clone();
        let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone()).expect("a root");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("a server");
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(server));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut said = vec![0; 4_096];
                let _ = stream.read(&mut said).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
                let _ = stream.shutdown().await;
            }
        });
        (port, believing(roots).expect("a client"))
    }

    #[tokio::test]
    async fn a_certificate_must_be_believed_and_bear_the_name() {
        let (port, believer) = tls_receiver().await;
        let letter = || Letter {
            media_type: "application/ld+json",
            body: "{}".to_owned(),
            signature_token: String::new(),
        };
        for (name, config, wanted) in [
            ("receiver.example", Arc::clone(&believer), Ok(StatusCode::OK)),
            ("other.example", believer, Err(Failure::Tls)),
            ("receiver.example", config().expect("a client"), Err(Failure::Tls)),
        ] {
            let dest = Dest::parse(&format!("https://{name}:{port}/"), false).expect("an address");
            let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
            let answer = match secured(config, &dest, stream).await {
                Ok(stream) => exchange(stream, &dest, letter()).await,
                Err(failure) => Err(failure),
            };
            assert_eq!(answer, wanted, "{name}");
        }
    }
}
