//! Made-up events of about the size and spread of real ones, the same for the same number. What
//! they say is invented ("minh hoạ").

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::log::NewEvent;

/// Event number `number` of an organisation: about 1 kB of body, four postings, distinct id.
pub fn event(owner: i64, number: u64) -> NewEvent {
    let digest = Sha256::digest(format!("{owner}/{number}"));
    let mut hex = String::with_capacity(64);
    for byte in digest {
        let _ = write!(hex, "{byte:02x}");
    }
    let minute = i64::try_from(number).unwrap_or(0) * 60_000_000;
    let event_time = 1_780_000_000_000_000 + minute;
    let lot = format!("https://id.example.vn/01/08930000000019/10/MH-{:05}", number / 10);
    let piece = format!("{lot}/21/{}", &hex[..12]);
    let place = format!("https://id.example.vn/414/8930000000{:03}", number % 7);
    let mut body = format!(
        "{{\"type\":\"ObjectEvent\",\"eventID\":\"urn:sha256:{hex}\",\"bizLocation\":{{\"id\":\"{place}\"}},\
         \"epcList\":[\"{piece}\"],\"note\":\"minh hoạ\",\"filler\":\""
    );
    while body.len() < 1000 {
        let more = Sha256::digest(body.as_bytes());
        for byte in more {
            let _ = write!(body, "{byte:02x}");
        }
    }
    body.push_str("\"}");
    let body = body.into_bytes();
    NewEvent {
        owner,
        event_id: format!("ni:///sha-256;{hex}?ver=CBV2.0"),
        kind: 1,
        action: i64::try_from(number % 3).unwrap_or(0),
        event_time,
        offset_minutes: 420,
        record_time: event_time + 5_000_000,
        biz_step: Some(["commissioning", "packing", "shipping"][(number % 3) as usize].to_owned()),
        disposition: (!number.is_multiple_of(4)).then(|| "in_progress".to_owned()),
        read_point: Some(place.clone()),
        biz_location: Some(place.clone()),
        corrects: None,
        hash: Sha256::digest(&body).to_vec(),
        postings: postings_of(&lot, &piece, &place),
        body,
    }
}

fn postings_of(lot: &str, piece: &str, place: &str) -> Vec<(i64, String)> {
    vec![(1, piece.to_owned()), (2, lot.to_owned()), (3, place.to_owned()), (4, place.to_owned())]
}
