//! The facade: the same values, the same refusals on both engines.

use std::error::Error as _;

use store::testing::each_engine;
use store::{Engine, Store, StoreError, Value, params, sql};

/// A table as the register writes it, brought in as a migration of its own would be.
async fn with_table(store: &Store) {
    let ddl = match store.engine() {
        Engine::Sqlite => {
            sql!(
                "CREATE TABLE v (k INT NOT NULL PRIMARY KEY, i INT, r REAL, t TEXT, b BLOB, f INT) STRICT"
            )
        }
        Engine::Postgres => sql!(
            "CREATE TABLE v (k BIGINT NOT NULL PRIMARY KEY, i BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA, f BOOLEAN)"
        ),
    };
    store.execute(ddl, &params![]).await.unwrap();
}

#[tokio::test]
async fn every_type_and_null_come_back_as_given() {
    each_engine(|store| async move {
        with_table(&store).await;
        let insert = sql!("INSERT INTO v (k, i, r, t, b, f) VALUES ($1, $2, $3, $4, $5, $6)");
        let texts = [
            "",
            "Điện Biên",
            "e\u{0301} \u{200b}\u{202e}\u{feff}",
            "'; DROP TABLE v; --",
            "\u{10ffff}\n\r\t\u{1}",
        ];
        for (k, text) in (1_i64..).zip(texts) {
            let row = params![k, i64::MIN, f64::MIN_POSITIVE, text, vec![0_u8, 255], true];
            assert_eq!(store.execute(insert, &row).await.unwrap(), 1);
            let found = store
                .query_one(sql!("SELECT i, r, t, b, f FROM v WHERE k = $1"), &params![k])
                .await;
            let found = found.unwrap().unwrap();
            assert_eq!(found.at::<i64>("i").unwrap(), i64::MIN);
            assert!((found.at::<f64>("r").unwrap() - f64::MIN_POSITIVE).abs() < f64::EPSILON);
            assert_eq!(found.at::<String>("t").unwrap(), text);
            assert_eq!(found.get::<Vec<u8>>(3).unwrap(), [0, 255]);
            assert!(found.at::<bool>("f").unwrap());
        }
        let nulls =
            params![99, None::<i64>, None::<f64>, None::<String>, None::<Vec<u8>>, None::<bool>];
        store.execute(insert, &nulls).await.unwrap();
        let found = store
            .query(sql!("SELECT i, r, t, b, f FROM v WHERE k = 99"), &params![])
            .await
            .unwrap();
        assert_eq!(found[0].values(), [const { Value::Null }; 5]);
        assert_eq!(found[0].at::<Option<i64>>("i").unwrap(), None);
        assert!(matches!(found[0].at::<i64>("i"), Err(StoreError::Column { .. })));
        assert!(matches!(found[0].at::<i64>("none"), Err(StoreError::Column { .. })));
    })
    .await;
}

#[tokio::test]
async fn parameters_go_by_their_number_not_their_place() {
    each_engine(|store| async move {
        with_table(&store).await;
        let insert = sql!("INSERT INTO v (t, k, i) VALUES ($3, $2, $1)");
        store.execute(insert, &params![30, 7, "chữ"]).await.unwrap();
        let twice = sql!("SELECT k, i, t FROM v WHERE t = $2 AND (k = $1 OR i = $1) AND t = $2");
        let row = store.query_one(twice, &params![30, "chữ"]).await.unwrap().unwrap();
        assert_eq!((row.get::<i64>(0).unwrap(), row.get::<i64>(1).unwrap()), (7, 30));
        let optional =
            sql!("SELECT k FROM v WHERE (t = $1 OR $1 IS NULL) AND (i < $2 OR $2 IS NULL)");
        assert_eq!(store.query(optional, &params![None::<String>, 31]).await.unwrap().len(), 1);
        assert_eq!(store.query(optional, &params!["khác", None::<i64>]).await.unwrap().len(), 0);
        for wrong in [&params![30][..], &params![30, "chữ", 1][..]] {
            let error = store.query(twice, wrong).await.unwrap_err();
            assert!(matches!(error, StoreError::ParameterCount { wanted: 2, .. }), "{error:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_one_engine_would_change_both_refuse() {
    each_engine(|store| async move {
        with_table(&store).await;
        let text = sql!("INSERT INTO v (k, t) VALUES (1, $1)");
        assert!(matches!(store.execute(text, &params!["a\0b"]).await, Err(StoreError::Parameter { .. })));
        let real = sql!("INSERT INTO v (k, r) VALUES (1, $1)");
        assert!(matches!(store.execute(real, &params![f64::NAN]).await, Err(StoreError::Parameter { .. })));
        let int = sql!("INSERT INTO v (k, i) VALUES (1, $1)");
        assert!(store.execute(int, &params!["không phải số"]).await.is_err());
        store.execute(int, &params![i64::MAX]).await.unwrap();
        let overflow = sql!("UPDATE v SET i = i + 1");
        assert!(store.execute(overflow, &params![]).await.is_err(), "an overflow is an error");
        let row = store.query_one(sql!("SELECT i FROM v"), &params![]).await.unwrap().unwrap();
        assert_eq!(row.get::<i64>(0).unwrap(), i64::MAX);
        assert!(matches!(row.get::<i32>(0), Err(StoreError::Column { .. })));
        let sums = sql!("SELECT sum(1) AS one, sum(k) AS k, avg(k) AS mean, count(*) AS n, sum(k) > $1 AS more FROM v");
        let row = store.query_one(sums, &params![0]).await.unwrap().unwrap();
        assert_eq!((row.at::<i64>("k").unwrap(), row.at::<i64>("n").unwrap()), (1, 1));
        assert!((row.at::<f64>("mean").unwrap() - 1.0).abs() < f64::EPSILON);
        assert!(row.at::<bool>("more").unwrap());
    })
    .await;
}

#[tokio::test]
async fn errors_say_what_was_done_and_keep_the_engines_words() {
    each_engine(|store| async move {
        with_table(&store).await;
        let insert = sql!("INSERT INTO v (k) VALUES ($1)");
        store.execute(insert, &params![1]).await.unwrap();
        let unique = store.execute(insert, &params![1]).await.unwrap_err();
        assert!(unique.is_unique_violation() && !unique.is_unavailable());
        assert!(unique.to_string().contains("INSERT INTO v (k) VALUES ($1)"), "{unique}");
        assert!(unique.source().is_some());
        let null = store.execute(insert, &params![None::<i64>]).await.unwrap_err();
        assert!(matches!(null, StoreError::Constraint { .. }), "{null:?}");
        store.execute(insert, &params![2]).await.unwrap();
        let several = store.query_one(sql!("SELECT k FROM v"), &params![]).await.unwrap_err();
        assert!(matches!(several, StoreError::TooManyRows { found: 2, .. }), "{several:?}");
        let none = store.query_one(sql!("SELECT k FROM v WHERE k = 3"), &params![]).await.unwrap();
        assert_eq!(none, None);
        let unknown = store.query(sql!("SELECT k FROM nowhere"), &params![]).await.unwrap_err();
        assert!(matches!(unknown, StoreError::Database { .. }), "{unknown:?}");
    })
    .await;
}

#[tokio::test]
async fn a_query_cannot_write() {
    each_engine(|store| async move {
        with_table(&store).await;
        let writing = sql!("INSERT INTO v (k) VALUES (1) RETURNING k");
        assert!(store.query(writing, &params![]).await.is_err());
        assert_eq!(store.execute(writing, &params![]).await.unwrap(), 1);
        assert_eq!(store.query(sql!("SELECT k FROM v"), &params![]).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_repeating_its_secrets() {
    for address in ["mysql://u:secret@h/d", "postgres://u:secret@h:notaport/d"] {
        let error = Store::open(address).await.unwrap_err();
        assert!(matches!(error, StoreError::Address { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
    let nobody = Store::open("postgres://postgres@127.0.0.1:1/none").await.unwrap_err();
    assert!(nobody.is_unavailable(), "{nobody:?}");
    let nowhere = Store::open("sqlite:/nowhere/at/all.db").await.unwrap_err();
    assert!(nowhere.is_unavailable(), "{nowhere:?}");
}
