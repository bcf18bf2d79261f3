//! The SOAP interface: what is asked in an envelope is answered in one, in the versions that were asked in.

use axum::http::{HeaderMap, Method, StatusCode};
use base64::Engine;
use epcis::{Element, EventKind, Limits, VocabularyElement};
use serde_json::{Value, json};
use store::testing::each_engine;
use tower::ServiceExt;

use crate::epcis_api::{Program, document, event};
use crate::ground::{Browser, Ground, bytes};
use crate::master_data::{element, vocabulary};

const OLD: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const NEW: &str = "http://www.w3.org/2003/05/soap-envelope";
pub(crate) const ONE: &str = "urn:epcglobal:epcis-query:xsd:1";
pub(crate) const TWO: &str = "urn:epcglobal:epcis-query:xsd:2";

fn envelope(soap: &str, body: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"{soap}\"><s:Header/><s:Body>{body}</s:Body></s:Envelope>"
    )
    .into_bytes()
}

/// `<Poll>` in EPCIS 1.2 with parameters whose values are XML.
fn poll(name: &str, params: &[(&str, &str)]) -> String {
    let params: Vec<String> = params
        .iter()
        .map(|(name, value)| format!("<param><name>{name}</name><value>{value}</value></param>"))
        .collect();
    let params = params.concat();
    format!(
        "<q:Poll xmlns:q=\"{ONE}\"><queryName>{name}</queryName><params>{params}</params></q:Poll>"
    )
}

pub(crate) fn strings(list: &[&str]) -> String {
    let all: Vec<String> = list.iter().map(|one| format!("<string>{one}</string>")).collect();
    all.concat()
}

fn read(body: &[u8]) -> Element {
    epcis::read_element(body, &Limits::default()).unwrap()
}

/// The one element of the body of an answer.
fn content(body: &[u8]) -> Element {
    let envelope = read(body);
    let body = envelope.child("Body").unwrap();
    assert_eq!(body.children.len(), 1);
    body.children[0].clone()
}

async fn send(program: &Program, soap: &str, body: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let kind = if soap == OLD { "text/xml; charset=utf-8" } else { "application/soap+xml" };
    let headers = [("content-type", kind), ("accept-language", "en"), ("soapaction", "\"\"")];
    program.send(Method::POST, "/soap/epcis", &headers, envelope(soap, body)).await
}

pub(crate) async fn ask(program: &Program, body: &str) -> Element {
    let (status, _, answer) = send(program, OLD, body).await;
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer));
    content(&answer)
}

/// The exception in the detail of a SOAP 1.1 fault, with its reason.
pub(crate) async fn refused(program: &Program, body: &str) -> (String, String) {
    let (status, _, answer) = send(program, OLD, body).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{}", String::from_utf8_lossy(&answer));
    let fault = content(&answer);
    assert!(fault.is(OLD, "Fault"));
    let detail = fault.child("detail").unwrap();
    let exception = &detail.children[0];
    assert_eq!(exception.namespace, ONE);
    (exception.name.clone(), exception.child("reason").unwrap().text.clone())
}

pub(crate) fn texts(result: &Element) -> Vec<&str> {
    result.children.iter().map(|one| one.text.as_str()).collect()
}

/// The events or elements of query results, read as a document by the reader of EPCIS.
fn results(body: &[u8]) -> epcis::Document {
    let text = std::str::from_utf8(body).unwrap();
    let start = text.find("<epcisq:QueryResults").unwrap();
    let end = text.find("</soap:Body>").unwrap();
    let number = if text.contains(ONE) { 1 } else { 2 };
    let whole = format!(
        r#"<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:{number}" schemaVersion="{number}.0" creationDate="2026-11-01T08:00:00Z"><EPCISBody>{}</EPCISBody></q:EPCISQueryDocument>"#,
        &text[start..end]
    );
    epcis::read_xml(whole.as_bytes(), &Limits::default()).unwrap()
}

async fn events(program: &Program, params: &[(&str, &str)]) -> Vec<epcis::Event> {
    let (status, _, body) = send(program, OLD, &poll("SimpleEventQuery", params)).await;
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
    results(&body).events
}

#[tokio::test]
async fn an_answer_comes_in_the_versions_that_were_asked_in() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        for (soap, kind) in
            [(OLD, "text/xml; charset=utf-8"), (NEW, "application/soap+xml; charset=utf-8")]
        {
            for (space, version) in [(ONE, "1.2"), (TWO, "2.0")] {
                let body = format!("<a:GetStandardVersion xmlns:a=\"{space}\"/>");
                let (status, headers, answer) = send(&program, soap, &body).await;
                assert_eq!(
                    (status, headers["content-type"].to_str().unwrap()),
                    (StatusCode::OK, kind)
                );
                assert!(read(&answer).is(soap, "Envelope"));
                let result = content(&answer);
                assert!(result.is(space, "GetStandardVersionResult"));
                assert_eq!(result.text, version);
            }
        }
        let names = ask(&program, &format!("<a:GetQueryNames xmlns:a=\"{ONE}\"/>")).await;
        assert_eq!(texts(&names), ["SimpleEventQuery", "SimpleMasterDataQuery"]);
        let vendor = ask(&program, &format!("<a:GetVendorVersion xmlns:a=\"{ONE}\"/>")).await;
        assert!(epcis::is_uri(&vendor.text), "{}", vendor.text);
    })
    .await;
}

#[tokio::test]
async fn poll_finds_what_the_rest_query_finds_and_says_it_in_epcis_1_2() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let link = "https://id.gs1.org/01/08935012345677/21/7";
        let mut association = event("urn:x:3", "installing", "x", &json!({
            "type": "AssociationEvent", "action": "ADD", "parentID": "urn:x:parent", "childEPCs": ["urn:x:child"],
            "eventTime": "2026-11-03T08:00:00+07:00"}));
        association.as_object_mut().unwrap().remove("epcList");
        let all = [
            event("urn:x:1", "shipping", link, &json!({})),
            event("urn:x:2", "receiving", link, &json!({"eventTime": "2026-11-02T08:00:00+07:00"})),
            association,
        ];
        assert_eq!(program.capture(document(&all)).await["success"], json!(true));
        let ids = |found: &[epcis::Event]| -> Vec<String> {
            found.iter().map(|one| one.event_id.clone().unwrap()).collect()
        };
        let found = events(&program, &[]).await;
        assert_eq!(ids(&found), ["urn:x:1", "urn:x:2", "urn:x:3"]);
        assert_eq!(found[2].kind, EventKind::Association, "in the extension of the list");
        assert!(found.iter().all(|one| one.record_time.is_some()));
        assert_eq!(found[0].epc_list, ["urn:epc:id:sgtin:89350123.04567.7"], "1.2 has URNs");
        let steps = strings(&["urn:epcglobal:cbv:bizstep:shipping", "urn:x:ab"]);
        assert_eq!(ids(&events(&program, &[("EQ_bizStep", &steps)]).await), ["urn:x:1"]);
        let epcs = strings(&["urn:epc:id:sgtin:89350123.04567.7"]);
        let since = ("GE_eventTime", "2026-11-02T00:00:00+07:00");
        assert_eq!(ids(&events(&program, &[("MATCH_epc", &epcs), since]).await), ["urn:x:2"]);
        let ordered = [("orderBy", "eventTime"), ("orderDirection", "DESC"), ("eventCountLimit", "2")];
        assert_eq!(ids(&events(&program, &ordered).await), ["urn:x:3", "urn:x:2"]);
        assert!(events(&program, &[("EXISTS_errorDeclaration", "")]).await.is_empty());
        // The same in the namespaces of EPCIS 2.0: links stay links.
        let body = poll("SimpleEventQuery", &[("EQ_bizStep", &steps)]).replace(ONE, TWO);
        let (_, _, answer) = send(&program, NEW, &body).await;
        assert_eq!(results(&answer).events[0].epc_list, [link]);
        let (name, reason) = refused(&program, &poll("SimpleEventQuery", &[("maxEventCount", "2")])).await;
        assert_eq!(name, "QueryTooLargeException", "{reason}");
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let theirs = Program::new(&g, other, person).await;
        assert!(events(&theirs, &[]).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn poll_answers_whole_however_many_pages_there_are() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let one = |n: usize| event(&format!("urn:x:{n:04}"), "storing", "urn:x:item", &json!({}));
        let all: Vec<Value> = (0..2_100).map(one).collect();
        assert_eq!(program.capture(document(&all)).await["success"], json!(true));
        let found = events(&program, &[]).await;
        let ids: Vec<String> = found.into_iter().map(|one| one.event_id.unwrap()).collect();
        assert_eq!(ids, (0..2_100).map(|n| format!("urn:x:{n:04}")).collect::<Vec<_>>());
        assert_eq!(
            events(&program, &[("eventCountLimit", "1500"), ("orderBy", "eventTime")]).await.len(),
            1_500
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_told_by_the_exception_of_the_standard() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let both = "includeAttributes";
        for (body, exception, word) in [
            (
                poll("SimpleEventQuery", &[("EQ_bizStepp", "x")]),
                "QueryParameterException",
                "EQ_bizStepp",
            ),
            (
                poll("SimpleEventQuery", &[("GE_eventTime", "noon")]),
                "QueryParameterException",
                "noon",
            ),
            (poll("SimpleEventQuery", &[("perPage", "7")]), "QueryParameterException", "perPage"),
            (
                poll("SimpleEventQuery", &[("eventType", "<x>1</x>")]),
                "QueryParameterException",
                "ArrayOfString",
            ),
            (
                poll("SimpleEventQuery", &[("eventType", "x"), ("eventType", "x")]),
                "QueryParameterException",
                "hai lần",
            ),
            (poll("", &[]), "NoSuchNameException", ""),
            (poll("Other", &[]), "NoSuchNameException", "Other"),
            (
                poll("SimpleMasterDataQuery", &[(both, "true")]),
                "QueryParameterException",
                "includeChildren",
            ),
            (
                poll("SimpleMasterDataQuery", &[(both, "maybe"), ("includeChildren", "1")]),
                "QueryParameterException",
                both,
            ),
            (
                poll(
                    "SimpleMasterDataQuery",
                    &[(both, "0"), ("includeChildren", "1"), ("EQ_bizStep", "x")],
                ),
                "QueryParameterException",
                "EQ_bizStep",
            ),
            (
                poll(
                    "SimpleMasterDataQuery",
                    &[(both, "0"), ("includeChildren", "1"), ("maxElementCount", "-1")],
                ),
                "QueryParameterException",
                "maxElementCount",
            ),
            (format!("<q:Poll xmlns:q=\"{ONE}\"/>"), "ValidationException", "queryName"),
            (format!("<q:Capture xmlns:q=\"{ONE}\"/>"), "ValidationException", "Capture"),
            ("<Poll/>".to_owned(), "ValidationException", "Poll"),
            (String::new(), "ValidationException", "đúng một"),
            ("<!--".to_owned(), "ValidationException", "xml.syntax"),
            ("&entity;".to_owned(), "ValidationException", "entity"),
        ] {
            let (name, reason) = refused(&program, &body).await;
            assert_eq!(name, exception, "{body}: {reason}");
            assert!(reason.contains(word), "{body}: {reason}");
        }
        // SOAP 1.2 tells whose fault it is by the status too, and says it in both languages.
        let (status, _, answer) = send(&program, NEW, &poll("Other", &[])).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let fault = content(&answer);
        let code = fault.child("Code").unwrap().child("Value").unwrap();
        assert_eq!(code.text, "soap:Sender");
        assert_eq!(fault.child("Reason").unwrap().children.len(), 2);
        let bomb = "<!DOCTYPE s:Envelope [<!ENTITY a \"aaaa\">]>";
        let mut text = String::from_utf8(envelope(OLD, "<x/>")).unwrap();
        text = text.replacen("<s:Envelope", &format!("{bomb}<s:Envelope"), 1);
        let headers = [("content-type", "text/xml"), ("accept-language", "en")];
        let (_, _, answer) =
            program.send(Method::POST, "/soap/epcis", &headers, text.into_bytes()).await;
        assert!(String::from_utf8(answer).unwrap().contains("xml.dtd"));
        let must = String::from_utf8(envelope(OLD, "<x/>")).unwrap().replace(
            "<s:Header/>",
            "<s:Header><w:Security xmlns:w=\"urn:w\" s:mustUnderstand=\"1\"/></s:Header>",
        );
        let (_, _, answer) =
            program.send(Method::POST, "/soap/epcis", &headers, must.into_bytes()).await;
        assert_eq!(content(&answer).child("faultcode").unwrap().text, "soap:MustUnderstand");
        let strange = envelope("urn:x:soap", "<x/>");
        let (_, _, answer) = program.send(Method::POST, "/soap/epcis", &headers, strange).await;
        assert_eq!(content(&answer).child("faultcode").unwrap().text, "soap:VersionMismatch");
        let big = vec![b' '; (1 << 20) + 1];
        let (status, _, answer) = program.send(Method::POST, "/soap/epcis", &headers, big).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(
            content(&answer).child("detail").unwrap().children[0].name,
            "ValidationException"
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_opens_as_bearer_or_as_password_and_without_one_a_security_exception_tells() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let secret = |rights: &'static str| {
            server::identity::key::make(&g.app, g.org, g.manager, "Máy", rights)
        };
        let (query, capture) = (secret("query").await.unwrap(), secret("capture").await.unwrap());
        let router = server::router(g.app.clone()).0;
        let body = envelope(OLD, &format!("<a:GetStandardVersion xmlns:a=\"{ONE}\"/>"));
        let call = |authorization: String| {
            let request = axum::http::Request::post("/soap/epcis")
                .header("content-type", "text/xml")
                .header("authorization", authorization)
                .body(axum::body::Body::from(body.clone()))
                .unwrap();
            router.clone().oneshot(request)
        };
        let basic = |user: &str, key: &str| {
            let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{key}"));
            format!("Basic {pair}")
        };
        for authorization in
            [format!("Bearer {query}"), basic("", &query), basic("hợp tác xã", &query)]
        {
            assert_eq!(call(authorization).await.unwrap().status(), StatusCode::OK);
        }
        for (authorization, status) in [
            (String::new(), StatusCode::UNAUTHORIZED),
            (basic(&query, ""), StatusCode::UNAUTHORIZED),
            ("Basic %%%".to_owned(), StatusCode::UNAUTHORIZED),
            (basic("x", "nguon_wrong"), StatusCode::UNAUTHORIZED),
            (basic("x", &capture), StatusCode::FORBIDDEN),
        ] {
            let answer = call(authorization.clone()).await.unwrap();
            assert_eq!(answer.status(), status, "{authorization}");
            let asked = answer.headers().contains_key("www-authenticate");
            assert_eq!(asked, status == StatusCode::UNAUTHORIZED);
            let fault = content(&bytes(answer).await);
            assert_eq!(fault.child("detail").unwrap().children[0].name, "SecurityException");
        }
    })
    .await;
}

async fn elements(program: &Program, params: &[(&str, &str)]) -> Vec<VocabularyElement> {
    let mut all = params.to_vec();
    for (name, value) in [("includeAttributes", "true"), ("includeChildren", "true")] {
        if !params.iter().any(|(known, _)| *known == name) {
            all.push((name, value));
        }
    }
    let (status, _, body) = send(program, OLD, &poll("SimpleMasterDataQuery", &all)).await;
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
    let found = results(&body);
    assert_eq!(found.query_name.as_deref(), Some("SimpleMasterDataQuery"));
    found.master_data
}

#[tokio::test]
async fn the_master_data_query_has_all_parameters_of_the_standard() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let location = "urn:epcglobal:epcis:vtype:Location";
        let farm = "urn:epc:id:sgln:9524321.00001.0";
        let name = "urn:epcglobal:cbv:mda#name";
        let places = [
            element(farm, &[(name, "Trại"), ("urn:x:area", "2")], &["urn:x:field", "urn:x:barn"]),
            element("urn:x:field", &[(name, "Ruộng")], &["urn:x:corner"]),
            element("urn:x:corner", &[], &[]),
        ];
        let mut barn = element("urn:x:barn", &[], &[]);
        barn["attributes"] = json!([{"id": "urn:x:address", "attribute": {"cbvmda:street": "Bản Phủ", "n": [1, 2]}}]);
        program.capture(vocabulary(location, &[&places[..], &[barn]].concat())).await;
        let party = [element("urn:x:party", &[("urn:x:area", "9")], &[])];
        program.capture(vocabulary("urn:epcglobal:epcis:vtype:party", &party)).await;
        let names = |found: &[VocabularyElement]| -> Vec<String> {
            found.iter().map(|one| one.id.clone()).collect()
        };
        let found = elements(&program, &[]).await;
        assert_eq!(names(&found), [farm, "urn:x:barn", "urn:x:corner", "urn:x:field", "urn:x:party"]);
        assert_eq!(found[0].children, ["urn:x:field", "urn:x:barn"]);
        let address = found[1].attributes[0].value.to_value();
        assert_eq!(address["cbvmda:street"], "Bản Phủ", "{address}");
        let types = strings(&["urn:epcglobal:epcis:vtype:Party", "urn:x:none"]);
        assert_eq!(names(&elements(&program, &[("vocabularyName", &types)]).await), ["urn:x:party"]);
        let link = strings(&["https://id.gs1.org/414/9524321000019"]);
        assert_eq!(names(&elements(&program, &[("EQ_name", &link)]).await), [farm]);
        let field = strings(&["urn:x:field"]);
        assert_eq!(names(&elements(&program, &[("WD_name", &field)]).await), ["urn:x:corner", "urn:x:field"]);
        let both = [("WD_name", field.as_str()), ("HASATTR", &strings(&["cbvmda:name", "urn:x:none"]))];
        assert_eq!(names(&elements(&program, &both).await), ["urn:x:field"]);
        let area = strings(&["2", "3"]);
        assert_eq!(names(&elements(&program, &[("EQATTR_urn:x:area", &area)]).await), [farm]);
        let bare = [("includeAttributes", "false"), ("includeChildren", "false"), ("EQ_name", link.as_str())];
        let found = elements(&program, &bare).await;
        assert!(found[0].attributes.is_empty() && found[0].children.is_empty());
        let some = elements(&program, &[("attributeNames", &strings(&["cbvmda:name"])), ("EQ_name", &link)]).await;
        assert_eq!(some[0].attributes.len(), 1);
        assert_eq!(some[0].attributes[0].texts(), ["Trại"]);
        assert_eq!(elements(&program, &[("maxElementCount", "5")]).await.len(), 5);
        let params = [("includeAttributes", "1"), ("includeChildren", "1"), ("maxElementCount", "4")];
        let (exception, _) = refused(&program, &poll("SimpleMasterDataQuery", &params)).await;
        assert_eq!(exception, "QueryTooLargeException");
    })
    .await;
}

#[tokio::test]
async fn the_wsdl_has_the_operations_messages_and_faults_of_the_standards_own() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let anyone = Browser::anonymous(&g.app);
        assert_eq!(anyone.get("/soap/epcis").await.status(), StatusCode::NOT_FOUND);
        for (path, number) in
            [("/soap/epcis?wsdl", 1), ("/soap/epcis?WSDL", 1), ("/soap/epcis?wsdl=2.0", 2)]
        {
            let ours = read(&bytes(anyone.get(path).await).await);
            let space = format!("urn:epcglobal:epcis:wsdl:{number}");
            assert_eq!(ours.attribute("", "targetNamespace"), Some(space.as_str()));
            let Some(corpora) = crate::epcis_api::corpora() else { continue };
            let theirs =
                std::fs::read(corpora.join("gs1+EPCIS/WSDL/EPCglobal-epcis-query-2_0.wsdl"))
                    .unwrap();
            let theirs = read(&theirs);
            // A fault that no operation has: named queries are not defined over SOAP.
            let unused = "DuplicateNameExceptionResponse";
            let messages = |of: &Element| -> Vec<(String, String, String)> {
                let mut all: Vec<_> = of
                    .children
                    .iter()
                    .filter(|one| {
                        one.name == "message" && one.attribute("", "name") != Some(unused)
                    })
                    .map(|one| {
                        let part = one.child("part").unwrap();
                        let of = |name| part.attribute("", name).unwrap().to_owned();
                        (one.attribute("", "name").unwrap().to_owned(), of("name"), of("element"))
                    })
                    .collect();
                all.sort();
                all
            };
            assert_eq!(messages(&ours), messages(&theirs));
            let operations = |of: &Element| -> Vec<(String, Vec<String>)> {
                let port = of.child("portType").unwrap();
                port.children
                    .iter()
                    .map(|operation| {
                        let mut parts: Vec<String> = operation
                            .children
                            .iter()
                            .map(|part| {
                                format!(
                                    "{} {} {}",
                                    part.name,
                                    part.attribute("", "name").unwrap(),
                                    part.attribute("", "message").unwrap()
                                )
                            })
                            .collect();
                        parts.sort();
                        (operation.attribute("", "name").unwrap().to_owned(), parts)
                    })
                    .collect()
            };
            assert_eq!(operations(&ours), operations(&theirs));
        }
    })
    .await;
}
