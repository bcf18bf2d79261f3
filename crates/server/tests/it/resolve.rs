//! Codes through the front door: the verdict on each kind, what machines get, what is counted.

use axum::http::{StatusCode, header};
use base64::Engine as _;
use server::resolve::write_waiting;
use server::review::{desk, submit};
use server::stamps;
use sha2::{Digest, Sha256};
use store::testing::{each_engine, on_engine};
use store::{Engine, params, sql};

use crate::epcis_api::Program;
use crate::ground::{Ground, bytes, staff, text};
use crate::lots::land;
use crate::published::{GTIN, ask, goods, look, publish, record, stamps_of};

const NAME: &str = "Gạo Séng Cù Mường Thanh";

#[tokio::test]
async fn each_kind_of_code_gets_its_own_verdict() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let app = &ground.app;
        let rice = goods(&ground, Some(GTIN), NAME, "SC-0726").await;
        let other = goods(&ground, None, "Chè Shan Tuyết", "ST-0114").await;
        let (order, serials) = stamps_of(&ground, &rice, 4).await;
        let (tea_order, tea) = stamps_of(&ground, &other, 1).await;
        stamps::activate(app, ground.manager, ground.org, order, 1, 2).await.unwrap();
        stamps::activate(app, ground.manager, ground.org, tea_order, 1, 1).await.unwrap();
        stamps::void(app, ground.manager, ground.org, order, 4, 4, "In hỏng").await.unwrap();
        publish(&ground, &record(&ground, &rice, NAME, 5)).await;
        let link = |serial: &str| format!("/01/{GTIN}/10/SC-0726/21/{serial}");
        let cases = [
            (link(&serials[0]), StatusCode::OK, "Tem hợp lệ, quét lần đầu", true),
            (
                format!("/01/{GTIN}/21/{}", serials[1].to_lowercase()),
                StatusCode::OK,
                "Tem hợp lệ, quét lần đầu",
                true,
            ),
            (link(&serials[2]), StatusCode::OK, "Tem chưa kích hoạt", true),
            (link(&serials[3]), StatusCode::OK, "Tem đã hủy", true),
            (link("7K3M9Q2XWP4T"), StatusCode::NOT_FOUND, "Mã này chưa từng được cấp", false),
            (link("PALLET-9"), StatusCode::NOT_FOUND, "Mã này chưa từng được cấp", false),
            (link(&tea[0]), StatusCode::OK, "Tem không khớp với hàng", false),
            (
                format!("/01/{GTIN}/10/OTHER/21/{}", serials[0]),
                StatusCode::OK,
                "Tem không khớp với hàng",
                false,
            ),
            (format!("/T/{}", tea[0]), StatusCode::OK, "Hồ sơ của lô chưa được duyệt", false),
            (format!("/01/{GTIN}/10/sc-0726"), StatusCode::OK, "Mã của cả lô hàng", true),
            (
                format!("/t/{}", rice.trace.as_str().to_lowercase()),
                StatusCode::OK,
                "Mã của cả lô hàng",
                true,
            ),
            (
                format!("/t/{}", other.trace),
                StatusCode::NOT_FOUND,
                "Chưa có hồ sơ công bố cho mã này",
                false,
            ),
            (
                format!("/01/{GTIN}/10/NONE"),
                StatusCode::NOT_FOUND,
                "Chưa có hồ sơ công bố cho mã này",
                false,
            ),
            ("/01/08931234567894".to_owned(), StatusCode::BAD_REQUEST, "số cuối phải là 7", false),
            ("/t/ABC".to_owned(), StatusCode::BAD_REQUEST, "Không đọc được mã này", false),
            (
                "/414/8931234567897".to_owned(),
                StatusCode::NOT_FOUND,
                "không có thông tin công bố",
                false,
            ),
        ];
        for (path, status, words, shows) in cases {
            let (found, page) = look(app, &path, &path).await;
            assert_eq!(found, status, "{path}");
            assert!(page.contains(words), "{path} lacks “{words}”: {page}");
            assert_eq!(page.contains("Hành trình"), shows, "{path}");
            assert!(!page.contains("Chè Shan Tuyết"), "{path} shows what is not public");
        }
        let withdrawn = sql!("UPDATE publication SET withdrawn_at = $1");
        app.store.execute(withdrawn, &params![app.now()]).await.unwrap();
        let (_, page) = look(app, &link(&serials[0]), "later").await;
        assert!(page.contains("Hồ sơ của lô đã bị rút") && !page.contains("Hành trình"));
    })
    .await;
}

#[tokio::test]
async fn a_newly_approved_record_shows_at_the_next_scan_in_both_languages() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), NAME, "SC-0726").await;
        let path = format!("/01/{GTIN}/10/SC-0726");
        publish(&ground, &record(&ground, &rice, NAME, 2)).await;
        assert!(look(&ground.app, &path, "a").await.1.contains("Gieo cấy"));
        let english = look(&ground.app, &format!("{path}?lang=en"), "b").await.1;
        for words in
            ["Sowing", "Journey", "The code of a whole lot", "Report a doubt", "lang=\"en\""]
        {
            assert!(english.contains(words), "{words}");
        }
        let mut again = record(&ground, &rice, NAME, 2);
        again.journey[0].title_vi = "Làm đất".to_owned();
        publish(&ground, &again).await;
        let page = look(&ground.app, &path, "c").await.1;
        assert!(page.contains("Làm đất") && !page.contains("Gieo cấy"));
    })
    .await;
}

#[tokio::test]
async fn a_reload_is_no_new_scan_and_another_phone_is() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let app = &ground.app;
        let rice = goods(&ground, Some(GTIN), NAME, "SC-0726").await;
        publish(&ground, &record(&ground, &rice, NAME, 1)).await;
        let (order, serials) = stamps_of(&ground, &rice, 1).await;
        let path = format!("/01/{GTIN}/10/SC-0726/21/{}", serials[0]);
        look(app, &path, "print house").await;
        assert_eq!(write_waiting(app).await.unwrap(), 1);
        stamps::activate(app, ground.manager, ground.org, order, 1, 1).await.unwrap();

        let first = "Tem hợp lệ, quét lần đầu";
        assert!(
            look(app, &path, "first").await.1.contains(first),
            "trials before activation do not count"
        );
        assert!(look(app, &path, "first").await.1.contains(first), "a reload stays the first scan");
        // Not written yet, and counted all the same.
        assert!(look(app, &path, "second").await.1.contains("đã quét 2 lần"));
        assert_eq!(write_waiting(app).await.unwrap(), 2);
        assert!(look(app, &path, "first").await.1.contains("đã quét 2 lần"));
        assert!(look(app, &path, "third").await.1.contains("đã quét 3 lần"));
        for phone in 4..=12 {
            look(app, &path, &phone.to_string()).await;
        }
        assert_eq!(write_waiting(app).await.unwrap(), 10);
        let page = look(app, &path, "last").await.1;
        assert!(
            page.contains("Tem đã quét 13 lần") && page.contains("verdict-warn"),
            "many scans are told"
        );

        let row = app
            .store
            .query_one(sql!("SELECT scans, first_scan_at FROM stamp"), &[])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.get::<i64>(0).unwrap(), 12);
        assert!(row.get::<Option<i64>>(1).unwrap().is_some());
        assert_eq!(ground.count(sql!("SELECT scans FROM scan_day")).await, 13);
        assert_eq!(
            ground.count(sql!("SELECT COUNT(*) FROM scan WHERE verdict = 'genuine'")).await,
            12
        );
        let left = app.store.query(sql!("SELECT * FROM scan"), &[]).await.unwrap();
        let kept = format!("{left:?}");
        assert!(
            !kept.contains("print house") && !kept.contains("unknown"),
            "nothing of the phone is kept"
        );
    })
    .await;
}

#[tokio::test]
async fn machines_get_the_linkset_and_the_events_at_the_same_address() {
    on_engine(Engine::Sqlite, |store| async move {
        let ground = Ground::new(store).await;
        let app = &ground.app;
        let rice = goods(&ground, Some(GTIN), NAME, "SC-0726").await;
        publish(&ground, &record(&ground, &rice, NAME, 1)).await;
        let path = format!("/01/{GTIN}/10/SC-0726");
        let response =
            ask(app, &path, &[("accept", "application/linkset+json, text/html;q=0.5")]).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/linkset+json");
        assert!(response.headers()[header::VARY].to_str().unwrap().contains("Accept"));
        let body = text(response).await;
        let set: serde_json::Value = serde_json::from_str(&body).unwrap();
        let context = &set["linkset"][0];
        assert_eq!(context["anchor"], format!("https://nguon.example{path}"));
        assert!(context["itemDescription"].as_str().unwrap().contains(NAME));
        for (kind, links) in context.as_object().unwrap() {
            if matches!(kind.as_str(), "anchor" | "itemDescription") {
                continue;
            }
            assert!(kind.starts_with("https://gs1.org/voc/"), "{kind}");
            for link in links.as_array().unwrap() {
                assert!(
                    link["href"].as_str().unwrap().starts_with("https://nguon.example/"),
                    "{link}"
                );
                assert!(link["title"].is_string(), "{link}");
            }
        }
        for kind in ["defaultLink", "pip", "traceability", "epcis", "certificationInfo"] {
            let links = context[format!("https://gs1.org/voc/{kind}")].as_array();
            assert_eq!(links.expect(kind).len(), 1, "{kind}");
        }
        let by_query =
            ask(app, &format!("{path}?linkType=linkset"), &[("accept", "text/html")]).await;
        assert_eq!(by_query.headers()[header::CONTENT_TYPE], "application/linkset+json");

        let events = ask(app, &path, &[("accept", "application/ld+json")]).await;
        assert_eq!(events.headers()[header::CONTENT_TYPE], "application/ld+json");
        let document: serde_json::Value = serde_json::from_str(&text(events).await).unwrap();
        assert_eq!(document["type"], "EPCISQueryDocument");

        let page = ask(app, &path, &[("accept", "text/html")]).await;
        let link = page.headers()[header::LINK].to_str().unwrap();
        assert!(link.contains("rel=\"linkset\"") && link.contains(&path), "{link}");
        let none =
            ask(app, &format!("/01/{GTIN}/10/NONE"), &[("accept", "application/ld+json")]).await;
        assert_eq!(none.status(), StatusCode::NOT_FOUND);
        assert_eq!(none.headers()[header::CONTENT_TYPE], "application/problem+json");
        write_waiting(app).await.unwrap();
        let scans = ground.count(sql!("SELECT COUNT(*) FROM scan")).await;
        assert_eq!(scans, 1, "only the page is a scan");

        let described = text(ask(app, "/.well-known/gs1resolver", &[]).await).await;
        assert!(described.contains("\"resolverRoot\":\"https://nguon.example\""), "{described}");
    })
    .await;
}

#[tokio::test]
async fn the_events_of_an_approved_lot_go_out_as_the_log_holds_them_but_not_who_typed_them() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.harvested(&g, 120).await;
        let submission = submit::lay_before(&g.app, g.manager, g.org, lot.id).await.unwrap();
        let reviewer = staff(&g.app, "reviewer", "11").await;
        desk::approve_as(&g.app, reviewer, submission, "Minh hoạ thiếu chứng nhận").await.unwrap();
        let path = format!("/t/{}", lot.trace_code);
        let body = text(ask(&g.app, &path, &[("accept", "application/ld+json")]).await).await;
        let read = epcis::read_json(body.as_bytes(), &epcis::Limits::default()).unwrap();
        assert!(!read.events.is_empty());
        let published: serde_json::Value = serde_json::from_str(&body).unwrap();
        let list = &published["epcisBody"]["queryResults"]["resultsBody"]["eventList"];
        let own = Program::new(&g, g.org, g.manager).await;
        let held = own.all("").await;
        assert!(held.iter().any(|one| one.to_string().contains("enteredBy")), "the log knows");
        assert!(!body.contains("enteredBy"), "the public does not");
        for event in list.as_array().unwrap() {
            let id = &event["eventID"];
            let mut kept = held.iter().find(|one| one["eventID"] == *id).unwrap().clone();
            kept.as_object_mut().unwrap().retain(|name, _| !name.ends_with("enteredBy"));
            let mut event = event.clone();
            for fields in [&mut kept, &mut event] {
                fields.as_object_mut().unwrap().remove("@context");
            }
            assert_eq!(event, kept, "nothing else is changed");
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_of_another_kind_of_thing_is_told_apart_from_one_that_is_wrong() {
    on_engine(Engine::Sqlite, |store| async move {
        let g = Ground::new(store).await;
        // SSCC, GIAI and GSRN with right check digits, and an SSCC with a wrong one.
        for path in ["/00/189312345678901230", "/8004/8931234567897AB", "/8018/893123456789012341"]
        {
            let response = ask(&g.app, path, &[("accept", "text/html")]).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert!(text(response).await.contains("không có thông tin về mã này"), "{path}");
        }
        let wrong = ask(&g.app, "/00/189312345678901236", &[("accept", "text/html")]).await;
        assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
        assert!(text(wrong).await.contains("Mã số kiểm tra sai"));
    })
    .await;
}

#[tokio::test]
async fn the_first_flight_of_a_long_journey_is_within_13_kilobytes() {
    on_engine(Engine::Sqlite, |store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), NAME, "SC-0726").await;
        publish(&ground, &record(&ground, &rice, NAME, 30)).await;
        let (order, serials) = stamps_of(&ground, &rice, 1).await;
        stamps::activate(&ground.app, ground.manager, ground.org, order, 1, 1).await.unwrap();
        let path = format!("/01/{GTIN}/10/SC-0726/21/{}", serials[0]);
        for encoding in ["gzip", "br"] {
            let response =
                ask(&ground.app, &path, &[("accept", "text/html"), ("accept-encoding", encoding)])
                    .await;
            assert_eq!(response.headers()[header::CONTENT_ENCODING], encoding);
            let head: usize = response
                .headers()
                .iter()
                .map(|(name, value)| name.as_str().len() + value.len() + 4)
                .sum();
            let size = head + bytes(response).await.len();
            eprintln!("first flight with {encoding}: {size} bytes");
            assert!(size <= 13 * 1024, "{size} bytes with {encoding}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_page_runs_nothing_and_its_policy_names_its_one_style() {
    on_engine(Engine::Sqlite, |store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), "<script>alert(1)</script>", "SC-0726").await;
        publish(&ground, &record(&ground, &rice, "<script>alert(1)</script>", 1)).await;
        let response =
            ask(&ground.app, &format!("/01/{GTIN}/10/SC-0726?lang=en"), &[("accept", "text/html")])
                .await;
        assert!(response.headers().get(header::SET_COOKIE).is_none());
        let policy =
            response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let page = text(response).await;
        assert!(!page.contains("<script"), "{page}");
        assert!(!page.contains(" style="), "{page}");
        let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let hash =
            base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style.as_bytes()));
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
    })
    .await;
}

#[tokio::test]
async fn no_address_however_odd_is_an_error_of_ours() {
    on_engine(Engine::Sqlite, |store| async move {
        let ground = Ground::new(store).await;
        let long = format!("/01/{GTIN}/10/{}", "A".repeat(5_000));
        let odd = [
            "/01/",
            "/01/x",
            "/01/%00",
            "/01/%FF%FE",
            "/01/%",
            "/01/08931234567897/10/%E2%80%AE",
            "/01/08931234567897/99/x/y",
            "/01/08931234567897/21/A/10/B",
            "/01//10/",
            "/414/x",
            "/414/%2F",
            "/t/%00",
            "/t/%FF",
            "/T/'; DROP TABLE stamp",
            "/t/..%2F..%2Fetc",
            "/01/0/0/0/0/0/0/0",
            "/01/08931234567897/",
            &long,
        ];
        for path in odd {
            let path = path.replace(' ', "%20").replace('\'', "%27");
            for accept in ["text/html", "application/linkset+json", "application/ld+json", "%%%"] {
                let response = ask(&ground.app, &path, &[("accept", accept)]).await;
                assert!(
                    response.status().is_client_error(),
                    "{path} {accept}: {}",
                    response.status()
                );
            }
        }
    })
    .await;
}
