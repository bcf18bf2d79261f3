//! Tokens of next pages. A token is a place in a list with the moment at which it expires, so that no node has to remember
//! it; what is remembered is that its holder gave it up (`DELETE /nextPageToken/{token}`), and only until then.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::utf8_percent_encode;
use sha2::{Digest, Sha256};
use store::{params, sql};

use super::SEGMENT;
use crate::app::{App, DAY, Micros};
use crate::capture::problem;
use crate::identity::key::KeyHolder;
use crate::shared::guard::Visit;
use crate::shared::{Fail, L};

/// How long a page waits to be asked for.
const VALID: Micros = 7 * DAY;
/// Longest token that is looked at; a name in a list may have 2,048 characters.
const LONGEST: usize = 4_096;
/// Tokens given up that are remembered for one organisation.
const MOST_ENDED: i64 = 10_000;

/// Says where the next page is (RFC 8288): the place behind which it begins, in the list at `path` as it was `asked` for.
pub fn next_link(
    app: &App,
    response: &mut Response,
    path: &str,
    asked: &[(&str, &str)],
    place: &str,
) -> Result<(), Fail> {
    let expires = app.now() + VALID;
    let token = format!("{expires:x}~{place}");
    let encode = |text: &str| utf8_percent_encode(text, SEGMENT).to_string();
    let mut query: Vec<String> =
        asked.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    query.push(format!("nextPageToken={}", encode(&token)));
    let link = format!("<{path}?{}>; rel=\"next\"", query.join("&"));
    let expires = epcis::EventTime { micros: expires, offset_minutes: 0 }.utc_text();
    let headers = response.headers_mut();
    headers.insert(header::LINK, HeaderValue::from_str(&link).map_err(Fail::internal)?);
    let expires = HeaderValue::from_str(&expires).map_err(Fail::internal)?;
    headers.insert("gs1-next-page-token-expires", expires);
    Ok(())
}

/// The place that a token stands for; nothing where it has expired, was given up, or never was one.
pub async fn place(app: &App, organisation: i64, token: &str) -> Result<Option<String>, Fail> {
    let now = app.now();
    let Some((_, place)) =
        parts(token).filter(|(expires, _)| (now..=now + VALID).contains(expires))
    else {
        return Ok(None);
    };
    let ended = app
        .store
        .find(
            sql!("SELECT expires_at FROM ended_token WHERE organisation = $1 AND digest = $2"),
            &params![organisation, digest(token)],
        )
        .await?;
    Ok(ended.is_none().then(|| place.to_owned()))
}

fn parts(token: &str) -> Option<(Micros, &str)> {
    let (expires, place) = token.split_once('~').filter(|_| token.len() <= LONGEST)?;
    Some((Micros::from_str_radix(expires, 16).ok()?, place))
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The answer to a token that opens nothing here.
pub fn bad_token(l: L) -> Response {
    let title = l.t(
        "nextPageToken không hợp với truy vấn này, đã hết hạn hoặc đã bị bỏ",
        "This nextPageToken does not belong to this query, has expired or was given up",
    );
    let (status, exception) = (StatusCode::BAD_REQUEST, "QueryParameterException");
    problem::problem(status, exception, title, "nextPageToken", &[])
}

/// `DELETE /epcis/nextPageToken/{token}`
pub(super) async fn end(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path(token): Path<String>,
) -> Result<Response, Fail> {
    let gone = || {
        let mut response = StatusCode::NO_CONTENT.into_response();
        problem::put_versions(response.headers_mut());
        response
    };
    // What opens nothing, or will not before it is swept, need not be remembered.
    let now = app.now();
    let opens = parts(&token).filter(|(expires, _)| (now..=now + VALID).contains(expires));
    let Some((expires, _)) = opens else { return Ok(gone()) };
    let owner = holder.organisation;
    let mut tx = app.store.begin().await?;
    let count = tx
        .query_one(
            sql!("SELECT COUNT(*) FROM ended_token WHERE organisation = $1"),
            &params![owner],
        )
        .await?;
    if count.map_or(Ok(0), |row| row.get::<i64>(0))? >= MOST_ENDED {
        let title = visit.l.t(
            "Đã bỏ quá nhiều nextPageToken trong bảy ngày qua; token này tự hết hạn",
            "Too many tokens were given up within seven days; this one expires by itself",
        );
        let status = StatusCode::TOO_MANY_REQUESTS;
        return Ok(problem::problem(status, "ImplementationException", title, "", &[]));
    }
    tx.execute(
        sql!(
            "INSERT INTO ended_token (organisation, digest, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        ),
        &params![owner, digest(&token), expires],
    )
    .await?;
    tx.commit().await?;
    Ok(gone())
}

/// Forgets tokens given up that have expired; the number of them.
pub async fn sweep(app: &App) -> Result<u64, Fail> {
    let old = sql!("DELETE FROM ended_token WHERE expires_at < $1");
    Ok(app.store.execute(old, &params![app.now()]).await?)
}
