//! People and their passwords: who may be added where, who gives a new password to whom.

use axum::http::StatusCode;
use server::identity::enrol::Enrolled;
use server::identity::{account, members, password, staff as staff_page};
use store::testing::each_engine;
use store::{params, sql};

use crate::ground::{Browser, Ground, staff, text};

async fn member(g: &Ground, org: i64, login: &str) -> Enrolled {
    let secret = password::draw(&g.app);
    members::make(&g.app, g.manager, org, "Lò Thị Mai", login, "member", &secret).await.unwrap()
}

/// The password that a page shows once.
fn shown(page: &str) -> String {
    let word = |text: &str| text.len() == 19 && text.matches('-').count() == 3;
    page.split(['<', '>']).find(|text| word(text)).unwrap_or_default().to_owned()
}

async fn signs_in(g: &Ground, login: &str, secret: &str) -> bool {
    let fields = [("login", login), ("password", secret)];
    Browser::anonymous(&g.app).post("/sign-in", &fields, &[]).await.status()
        == StatusCode::SEE_OTHER
}

#[tokio::test]
async fn a_manager_gives_a_new_password_only_to_people_of_his_organisation_alone() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let manager = g.browser(g.manager).await;
        let Enrolled::New(mai) = member(&g, g.org, "mai@minhhoa.example").await else {
            panic!("a new account")
        };
        let hers = g.browser(mai).await;
        let lots = format!("/org/{}/lots", g.org);
        assert_eq!(hers.get(&lots).await.status(), StatusCode::OK);
        let address = format!("/org/{}/members/{mai}/password", g.org);
        let secret = shown(&text(manager.post(&address, &[], &[]).await).await);
        assert!(signs_in(&g, "mai@minhhoa.example", &secret).await, "the new password fits");
        assert_eq!(
            hers.get(&lots).await.status(),
            StatusCode::SEE_OTHER,
            "sessions of the old password have ended"
        );

        // Somebody who also belongs elsewhere could be impersonated there.
        let (other, _) = g.neighbour("Hộ bên cạnh").await;
        assert_eq!(member(&g, other, "mai@minhhoa.example").await, Enrolled::Known(mai));
        let refused = manager.post(&address, &[], &[]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(signs_in(&g, "mai@minhhoa.example", &secret).await, "nothing changed");
        let strangers = format!("/org/{}/members/{}/password", g.org, g.officer.id);
        assert_eq!(manager.post(&strangers, &[], &[]).await.status(), StatusCode::NOT_FOUND);
        let own = format!("/org/{}/members/{}/password", g.org, g.manager);
        assert_eq!(manager.post(&own, &[], &[]).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn who_was_removed_can_be_added_again_and_staff_cannot_join_an_organisation() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let manager = g.browser(g.manager).await;
        let Enrolled::New(mai) = member(&g, g.org, "mai@minhhoa.example").await else {
            panic!("a new account")
        };
        assert_eq!(member(&g, g.org, "mai@minhhoa.example").await, Enrolled::Taken);
        let end = format!("/org/{}/members/{mai}/end", g.org);
        assert_eq!(manager.post(&end, &[], &[]).await.status(), StatusCode::SEE_OTHER);
        let people = format!("/org/{}/members", g.org);
        let form = [("name", "Lò Thị Mai"), ("login", "mai@minhhoa.example"), ("role", "member")];
        // Whoever knew the password of his last role must not enter in the next one.
        let old = sql!("UPDATE account SET password = $2 WHERE id = $1");
        let known = password::hash(&g.app, "mật khẩu cũ").await.unwrap();
        g.app.store.execute(old, &params![mai, known]).await.unwrap();
        let secret = shown(&text(manager.post(&people, &form, &[]).await).await);
        assert!(signs_in(&g, "mai@minhhoa.example", &secret).await);
        assert!(!signs_in(&g, "mai@minhhoa.example", "mật khẩu cũ").await);
        let again = account::load(&g.app.store, mai, g.app.now()).await.unwrap().unwrap();
        assert!(again.is_member(g.org));

        let login = sql!("UPDATE account SET login = 'canbo@minhhoa.example' WHERE id = $1");
        g.app.store.execute(login, &params![g.officer.id]).await.unwrap();
        let form = [("name", "Cán bộ"), ("login", "canbo@minhhoa.example"), ("role", "member")];
        let refused = manager.post(&people, &form, &[]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_adds_a_second_role_and_renews_a_forgotten_password() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let boss = staff(&g.app, "administrator", "").await;
        let administrator = g.browser(boss.id).await;
        let login = "kiemtra@minhhoa.example";
        let form = |role, area| {
            [
                ("name", "Quàng Văn Tướng"),
                ("login", login),
                ("role", role),
                ("sector", "all"),
                ("area", area),
            ]
        };
        let page =
            text(administrator.post("/desk/accounts", &form("inspector", "11"), &[]).await).await;
        let first = shown(&page);
        assert!(signs_in(&g, login, &first).await);
        let page =
            text(administrator.post("/desk/accounts", &form("officer", "11"), &[]).await).await;
        assert!(page.contains("mật khẩu đang dùng"), "{page}");
        assert!(signs_in(&g, login, &first).await, "he keeps his password");
        let same = administrator.post("/desk/accounts", &form("officer", "11"), &[]).await;
        assert_eq!(same.status(), StatusCode::UNPROCESSABLE_ENTITY);

        let page = administrator.post("/desk/accounts/password", &[("forgot", login)], &[]).await;
        let second = shown(&text(page).await);
        assert!(signs_in(&g, login, &second).await && !signs_in(&g, login, &first).await);
        let unknown = [("forgot", "khongco@minhhoa.example")];
        let refused = administrator.post("/desk/accounts/password", &unknown, &[]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            g.count(sql!("SELECT count(*) FROM audit WHERE action = 'renew'")).await,
            1,
            "the trail notes it"
        );
        let first_of_all = staff_page::NewStaff {
            name: "Minh hoạ",
            login,
            role: account::Role::Administrator,
            sector: "",
            area: "",
            made_by: None,
        };
        let taken = staff_page::make(&g.app, &first_of_all, "x").await.unwrap();
        assert_eq!(taken, Enrolled::Taken, "the command line gives no rights to a known account");
    })
    .await;
}
