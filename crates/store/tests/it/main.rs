//! One conformance suite judges both engines; what only one of them has is tested beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod append;
mod bulk;
mod crash;
mod follow;
mod fsck;
mod migrations;
mod pages;
mod register;
mod statements;
mod transactions;

use sha2::{Digest as _, Sha256};
use store::{Appended, Logged, NewEvent, Seq};

/// The event of [`store::testing::event`] under another body.
fn altered(mut event: NewEvent) -> NewEvent {
    event.body = b"another body".to_vec();
    event.hash = Sha256::digest(&event.body).to_vec();
    event
}

fn stored(appended: &[Appended]) -> Vec<i64> {
    appended
        .iter()
        .map(|one| match one {
            Appended::Stored(seq) => seq.0,
            other => panic!("expected it stored, was {other:?}"),
        })
        .collect()
}

/// What must come back of an event stored under a number.
fn logged(event: &NewEvent, seq: i64) -> Logged {
    let event = event.clone();
    Logged {
        seq: Seq(seq),
        owner: event.owner,
        event_id: event.event_id,
        kind: event.kind,
        action: event.action,
        event_time: event.event_time,
        offset_minutes: event.offset_minutes,
        record_time: event.record_time,
        biz_step: event.biz_step,
        disposition: event.disposition,
        read_point: event.read_point,
        biz_location: event.biz_location,
        corrects: event.corrects,
        hash: event.hash,
        body: event.body,
    }
}
