//! Views follow the log, are what a rebuild would make, and are looked at by `fsck`.

use serde_json::{Value, json};
use server::capture::{self, views};
use store::testing::each_engine;
use store::{params, sql};

use crate::epcis_api::{Program, document, event};
use crate::ground::Ground;

#[tokio::test]
async fn views_that_follow_are_those_that_a_rebuild_makes_and_fsck_finds_the_log_sound() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        for round in 0..3 {
            let events: Vec<Value> = (0..5)
                .map(|n| {
                    event(
                        &format!("urn:x:{round}:{n}"),
                        "storing",
                        &format!("urn:x:item:{n}"),
                        &json!({}),
                    )
                })
                .collect();
            program.capture(document(&events)).await;
            assert_eq!(views::catch_up(&g.app).await.unwrap(), 5);
        }
        let row = g
            .app
            .store
            .query_one(
                sql!("SELECT events, last_seq FROM view_item WHERE item = $1"),
                &params!["urn:x:item:2"],
            )
            .await
            .unwrap()
            .unwrap();
        assert_eq!((row.get::<i64>(0).unwrap(), row.get::<i64>(1).unwrap()), (3, 13));
        assert!(views::verify(&g.app).await.unwrap().is_empty());
        assert!(store::fsck(&g.app.store, capture::postings_of).await.unwrap().is_sound());
        g.app
            .store
            .execute(sql!("UPDATE view_day SET events = events + 1 WHERE step = 'storing'"), &[])
            .await
            .unwrap();
        assert_eq!(views::verify(&g.app).await.unwrap().len(), 1);
        assert_eq!(views::rebuild(&g.app).await.unwrap(), 15);
        assert!(views::verify(&g.app).await.unwrap().is_empty());
    })
    .await;
}
