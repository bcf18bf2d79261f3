//! What client and server agree on by headers, on every operation; and tokens of pages that their holder gave up.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::query;
use server::shared::guard::Access;
use store::testing::each_engine;
use store::{Store, sql};

use crate::epcis_api::{Program, document, event, list, next};
use crate::ground::Ground;

const URN: &str = "urn:epc:id:sgtin:8931234567.089.2017";
const LINK: &str = "https://id.gs1.org/01/08931234567897/21/2017";

#[tokio::test]
async fn every_operation_refuses_a_version_that_is_not_spoken_and_says_which_is() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let (_, table) = server::router(g.app.clone());
        let routes: Vec<_> =
            table.iter().filter(|route| route.path.starts_with("/epcis")).collect();
        assert!(routes.len() >= 63, "{} operations", routes.len());
        for route in routes {
            let path = route.path.replace(['{', '}'], "");
            for header in
                [("gs1-epcis-min", "2.1.0"), ("gs1-cbv-max", "1.0.0"), ("gs1-epc-format", "Always")]
            {
                let (status, headers, body) =
                    program.send(route.method.clone(), &path, &[header], Vec::new()).await;
                assert_eq!(
                    status,
                    StatusCode::NOT_ACCEPTABLE,
                    "{} {path} {header:?}",
                    route.method
                );
                assert_eq!(headers["gs1-epcis-version"], "2.0.0");
                let problem: Value = serde_json::from_slice(&body).unwrap();
                assert_eq!(problem["type"], json!("epcisException:NotAcceptableException"));
            }
            let (status, headers, _) = program
                .send(route.method.clone(), &path, &[("gs1-epcis-min", "1.2.0")], Vec::new())
                .await;
            assert_ne!(status, StatusCode::NOT_ACCEPTABLE, "{} {path}", route.method);
            for name in [
                "gs1-epcis-version",
                "gs1-epcis-min",
                "gs1-epcis-max",
                "gs1-cbv-version",
                "gs1-vendor-version",
            ] {
                assert!(headers.contains_key(name), "{} {path} has no {name}", route.method);
            }
            if route.method == Method::OPTIONS {
                assert_eq!(route.access, Access::Public);
                let allow = headers["allow"].to_str().unwrap();
                for other in table.iter().filter(|other| other.path == route.path) {
                    assert!(allow.contains(other.method.as_str()), "{path}: {allow}");
                }
                let count = table.iter().filter(|other| other.path == route.path).count();
                assert_eq!(allow.split(", ").count(), count, "{path}: {allow}");
                for name in ["gs1-epc-format", "gs1-cbv-xml-format", "gs1-extensions"] {
                    assert!(headers.contains_key(name), "{path} has no {name}");
                }
            }
        }
    })
    .await;
}

async fn text(program: &Program, path: &str, headers: &[(&str, &str)]) -> String {
    let (status, _, body) = program.send(Method::GET, path, headers, Vec::new()).await;
    let text = String::from_utf8(body).unwrap();
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    text
}

#[tokio::test]
async fn identifiers_and_words_go_out_as_the_client_asks() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let extra = json!({"readPoint": {"id": "urn:epc:id:sgln:8931234567.89.0"}});
        let events = [
            event("urn:x:urn", "shipping", URN, &extra),
            event("urn:x:link", "shipping", LINK, &json!({})),
        ];
        let job = program.capture(document(&events)).await;
        assert_eq!(job["success"], json!(true), "{job}");
        server::capture::views::catch_up(&g.app).await.unwrap();
        let xml = ("accept", "application/xml");
        for path in [
            "/epcis/events",
            "/epcis/queries/SimpleEventQuery/events",
            "/epcis/bizSteps/shipping/events",
        ] {
            for accept in [("accept", "application/ld+json"), xml] {
                for (format, urns, links) in [
                    (None, 0, 2),
                    (Some("Always_GS1_Digital_Link"), 0, 2),
                    (Some("Always_EPC_URN"), 2, 0),
                    (Some("Never_Translates"), 1, 1),
                    (Some("No_Preference"), 1, 1),
                ] {
                    let mut headers = vec![accept];
                    headers.extend(format.map(|format| ("gs1-epc-format", format)));
                    let found = text(&program, path, &headers).await;
                    let counts = (found.matches(URN).count(), found.matches(LINK).count());
                    assert_eq!(counts, (urns, links), "{path} {format:?} {accept:?}: {found}");
                    let places = found.matches("urn:epc:id:sgln:").count();
                    assert_eq!(places, usize::from(urns > 0), "{path} {format:?}");
                }
            }
            for (format, word) in [
                ("Always_URN", "urn:epcglobal:cbv:bizstep:shipping"),
                ("Always_Web_URI", "https://ref.gs1.org/cbv/BizStep-shipping"),
            ] {
                let found = text(&program, path, &[xml, ("gs1-cbv-xml-format", format)]).await;
                assert_eq!(found.matches(word).count(), 2, "{path} {format}: {found}");
                let read = epcis::read_xml(found.as_bytes(), &epcis::Limits::default());
                assert_eq!(read.unwrap().events[0].biz_step.as_deref(), Some("shipping"));
            }
        }
        let one = text(
            &program,
            "/epcis/events/urn:x:urn",
            &[("gs1-epc-format", "Always_GS1_Digital_Link")],
        )
        .await;
        assert!(one.contains(LINK) && !one.contains(URN), "{one}");
        let names = text(&program, "/epcis/epcs", &[("gs1-epc-format", "Always_EPC_URN")]).await;
        assert!(names.contains(URN), "{names}");
        let names = text(&program, "/epcis/epcs", &[]).await;
        assert!(names.contains(LINK) && !names.contains("urn:epc:"), "{names}");
        // What was translated on its way out is still what was captured.
        let (_, _, kept) = program.get("/epcis/events").await;
        assert_eq!(list(&kept)[0]["epcList"], json!([URN]));
    })
    .await;
}

#[tokio::test]
async fn a_token_that_was_given_up_opens_nothing_on_any_node() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let other = {
            let store = Store::open(g.app.store.address()).await.unwrap();
            program.at(&g.node(store, 9))
        };
        for number in 0..4 {
            let one = event(
                &format!("urn:x:{number}"),
                "storing",
                &format!("urn:x:item:{number}"),
                &json!({}),
            );
            program.capture(document(&[one])).await;
            let body = json!({"name": format!("q{number}"), "query": {}});
            program.post_json("/epcis/queries", &body).await;
        }
        server::capture::views::catch_up(&g.app).await.unwrap();
        for path in [
            "/epcis/events",
            "/epcis/epcs",
            "/epcis/capture",
            "/epcis/queries",
            "/epcis/queries/q1/events",
        ] {
            let first = format!("{path}?perPage=1");
            let (_, headers, _) = program.get(&first).await;
            assert!(
                headers["gs1-next-page-token-expires"].to_str().unwrap().starts_with("2026-11-29T")
            );
            let second = next(&headers).unwrap();
            assert_eq!(other.get(&second).await.0, StatusCode::OK, "{second}");
            let token = second.split("nextPageToken=").nth(1).unwrap();
            let address = format!("/epcis/nextPageToken/{token}");
            for node in [&program, &other] {
                assert_eq!(node.delete(&address).await, StatusCode::NO_CONTENT);
                assert_eq!(node.get(&second).await.0, StatusCode::BAD_REQUEST, "{second}");
            }
            // The same walk may be begun anew.
            let (_, headers, _) = program.get(&first).await;
            assert_eq!(program.get(&next(&headers).unwrap()).await.0, StatusCode::OK);
        }
        assert_eq!(program.delete("/epcis/nextPageToken/nonsense").await, StatusCode::NO_CONTENT);
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM ended_token")).await, 5);
        assert_eq!(query::sweep(&g.app).await.unwrap(), 0);

        let (_, headers, _) = program.get("/epcis/events?perPage=1").await;
        g.clock.forward(8 * server::app::DAY);
        assert_eq!(query::sweep(&g.app).await.unwrap(), 5);
        let stale = program.get(&next(&headers).unwrap()).await;
        assert_eq!(stale.0, StatusCode::BAD_REQUEST, "a token that was swept has expired too");
    })
    .await;
}
