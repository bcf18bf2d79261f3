//! Nobody in who does not belong: every address of the table × every role × own and other
//! organisation. An address added tomorrow is walked tomorrow.

use axum::http::{Method, StatusCode, header};
use server::identity::account::Role;
use server::identity::key::{self, Right};
use server::shared::guard::{Access, Route};
use server::shared::web::is_api;
use store::testing::each_engine;
use store::{params, sql};

use crate::ground::{Browser, ELSEWHERE, Ground, staff};

/// Who calls.
struct Caller {
    name: &'static str,
    browser: Browser,
    /// Roles in the administration that cover the ground's organisation.
    covers: &'static [Role],
    /// Roles at all.
    roles: &'static [Role],
    signed_in: bool,
    member: bool,
    manager: bool,
}

/// Whether the table lets a caller in, where `{org}` is the ground's organisation.
fn let_in(caller: &Caller, access: Access) -> bool {
    match access {
        Access::Public => true,
        Access::SignedIn => caller.signed_in,
        Access::Member => {
            caller.member
                || caller.covers.iter().any(|role| [Role::Officer, Role::Reviewer].contains(role))
        }
        Access::Manager => caller.manager,
        Access::Staff(roles) => caller.roles.iter().any(|role| roles.contains(role)),
        Access::Key(_) => false,
    }
}

/// The address with the organisation in its place and ids that nothing has elsewhere.
fn filled(route: &Route, org: i64) -> String {
    let parts: Vec<String> = route
        .path
        .split('/')
        .map(|part| match part {
            "{org}" => org.to_string(),
            part if part.starts_with('{') => "1".to_owned(),
            part => part.to_owned(),
        })
        .collect();
    parts.join("/")
}

#[derive(Debug, PartialEq)]
enum Met {
    In,
    SignInPage,
    Refused,
}

async fn call(browser: &Browser, route: &Route, path: &str) -> Met {
    let response = match route.method {
        Method::POST => browser.post(path, &[], &[]).await,
        Method::OPTIONS => browser.options(path).await,
        Method::DELETE => browser.delete(path).await,
        _ => browser.get(path).await,
    };
    let to_sign_in = response
        .headers()
        .get(header::LOCATION)
        .is_some_and(|to| to.to_str().unwrap().starts_with("/sign-in"));
    match response.status() {
        StatusCode::SEE_OTHER if to_sign_in => Met::SignInPage,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Met::Refused,
        status => {
            assert!(!status.is_server_error(), "{} {path} answered {status}", route.method);
            Met::In
        }
    }
}

async fn callers(ground: &Ground) -> Vec<Caller> {
    let app = &ground.app;
    let (_, outsider) = ground.neighbour("Hộ bên cạnh").await;
    let member = app.id();
    let account = sql!(
        "INSERT INTO account (id, login, name, password, language, state, created_at)
         VALUES ($1, 'member', 'Thành viên minh hoạ', '', 'vi', 'active', 0)"
    );
    app.store.execute(account, &params![member]).await.unwrap();
    let joined = sql!(
        "INSERT INTO membership (organisation, account, role, valid_from) VALUES ($1, $2, 'member', 0)"
    );
    app.store.execute(joined, &params![ground.org, member]).await.unwrap();
    let mut all = vec![
        Caller {
            name: "anonymous",
            browser: Browser::anonymous(app),
            covers: &[],
            roles: &[],
            signed_in: false,
            member: false,
            manager: false,
        },
        Caller {
            name: "member",
            browser: ground.browser(member).await,
            covers: &[],
            roles: &[],
            signed_in: true,
            member: true,
            manager: false,
        },
        Caller {
            name: "manager",
            browser: ground.browser(ground.manager).await,
            covers: &[],
            roles: &[],
            signed_in: true,
            member: true,
            manager: true,
        },
        Caller {
            name: "manager of another organisation",
            browser: ground.browser(outsider).await,
            covers: &[],
            roles: &[],
            signed_in: true,
            member: false,
            manager: false,
        },
    ];
    let province = vietnam::units::commune(ELSEWHERE).unwrap().province_code;
    type Person = (&'static str, &'static str, &'static str, &'static [Role], &'static [Role]);
    let people: [Person; 6] = [
        ("officer", "officer", "11", &[Role::Officer], &[Role::Officer]),
        ("officer of elsewhere", "officer", province, &[], &[Role::Officer]),
        ("reviewer", "reviewer", "11", &[Role::Reviewer], &[Role::Reviewer]),
        ("reviewer of elsewhere", "reviewer", province, &[], &[Role::Reviewer]),
        ("inspector", "inspector", "11", &[Role::Inspector], &[Role::Inspector]),
        ("administrator", "administrator", "", &[Role::Administrator], &[Role::Administrator]),
    ];
    for (name, role, area, covers, roles) in people {
        let account = staff(app, role, area).await;
        let browser = ground.browser(account.id).await;
        all.push(Caller {
            name,
            browser,
            covers,
            roles,
            signed_in: true,
            member: false,
            manager: false,
        });
    }
    all
}

#[tokio::test]
async fn every_address_lets_in_whom_the_table_names_and_nobody_else() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let (_, table) = server::router(ground.app.clone());
        assert!(table.len() > 60, "the table has only {} addresses", table.len());
        let mut wrong = Vec::new();
        for caller in callers(&ground).await {
            // Signing out and changing the password end sessions: they are public manners, walked elsewhere.
            for route in table.iter().filter(|route| route.path != "/sign-out") {
                let path = filled(route, ground.org);
                let met = call(&caller.browser, route, &path).await;
                let expected = let_in(&caller, route.access);
                let right = match (&met, expected) {
                    (Met::In, true) => true,
                    // A domain rule may refuse whom the table lets in; never the other way round.
                    (Met::Refused, true) => route.method == Method::POST,
                    (Met::SignInPage, false) => !caller.signed_in,
                    (Met::Refused, false) => {
                        caller.signed_in || matches!(route.access, Access::Key(_))
                    }
                    _ => false,
                };
                if !right {
                    wrong.push(format!(
                        "{} {path} for {}: {met:?}, expected in: {expected}",
                        route.method, caller.name
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn another_organisation_is_closed_to_members_of_this_one() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let (other, _) = ground.neighbour("Hộ bên cạnh").await;
        let (_, table) = server::router(ground.app.clone());
        let browser = ground.browser(ground.manager).await;
        for route in
            table.iter().filter(|route| matches!(route.access, Access::Member | Access::Manager))
        {
            let path = filled(route, other);
            assert_eq!(call(&browser, route, &path).await, Met::Refused, "{} {path}", route.method);
        }
    })
    .await;
}

#[tokio::test]
async fn a_machine_needs_a_key_with_the_right() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let (_, table) = server::router(ground.app.clone());
        let secret = |rights: &'static str| {
            key::make(&ground.app, ground.org, ground.manager, "Máy", rights)
        };
        let capture = secret("capture").await.unwrap();
        let query = secret("query").await.unwrap();
        for route in &table {
            let Access::Key(right) = route.access else { continue };
            let path = filled(route, ground.org);
            for (key, holds) in [(&capture, Right::Capture), (&query, Right::Query)] {
                let browser = Browser::with_key(&ground.app, key);
                let met = call(&browser, route, &path).await;
                let expected = if holds == right { Met::In } else { Met::Refused };
                assert_eq!(met, expected, "{} {path} with {holds:?}", route.method);
            }
            let browser = Browser::with_key(&ground.app, "nguon_wrong");
            assert_eq!(call(&browser, route, &path).await, Met::Refused);
        }
        ground.app.store.execute(sql!("UPDATE api_key SET revoked_at = 1"), &[]).await.unwrap();
        let browser = Browser::with_key(&ground.app, &query);
        let route = table.iter().find(|route| route.access == Access::Key(Right::Query)).unwrap();
        let met = call(&browser, route, &filled(route, ground.org)).await;
        assert_eq!(met, Met::Refused, "a revoked key opens nothing");
    })
    .await;
}

#[tokio::test]
async fn a_form_without_its_token_or_from_another_site_changes_nothing() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let browser = ground.browser(ground.manager).await;
        let path = format!("/org/{}/keys", ground.org);
        let fields = [("name", "Máy"), ("rights", "query")];
        for forged in [browser.forged_token(), browser.at_site("https://evil.example")] {
            let response = forged.post(&path, &fields, &[]).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN);
        }
        assert_eq!(ground.count(sql!("SELECT COUNT(*) FROM api_key")).await, 0);
        let response = browser.post(&path, &fields, &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(ground.count(sql!("SELECT COUNT(*) FROM api_key")).await, 1);
    })
    .await;
}

#[test]
fn every_address_of_machines_and_no_page_is_described_for_them() {
    for route in server::table() {
        let of_machines = matches!(route.access, Access::Key(_)) || is_api(route.path);
        let also = ["/t/{code}", "/suggest/communes"].contains(&route.path)
            || route.path.ends_with("/{*rest}");
        let described = route.says.is_some();
        assert_eq!(described, of_machines || also, "{} {}", route.method, route.path);
    }
    let document: serde_json::Value = serde_json::from_str(&server::api::DOCUMENT).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}
