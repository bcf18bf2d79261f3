//! What a request says of the media types that it takes (RFC 9110, 12.5.1).

use axum::http::{HeaderMap, header};

/// All its `Accept` lines as one; empty where it has none.
pub fn of_request(headers: &HeaderMap) -> String {
    let lines: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    lines.join(",")
}

/// Thousandths that a header gives a type, by its most specific range, and how specific that is.
pub fn quality(accept: &str, kind: &str, subtype: &str) -> (u32, u8) {
    let mut found = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let Some((k, s)) = name.split_once('/') else { continue };
        let exact = match (k == kind, s == subtype, k, s) {
            (true, true, ..) => 3,
            (true, _, _, "*") => 2,
            (_, _, "*", "*") => 1,
            _ => continue,
        };
        if exact > found.1 {
            let q = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
            let q: f64 = q.map_or(1.0, |q| q.parse().unwrap_or(0.0));
            found = ((q.clamp(0.0, 1.0) * 1000.0) as u32, exact);
        }
    }
    found
}
