//! A doubt from the reporter to the answer.

use axum::http::StatusCode;
use server::feedback::{self, Report, State};
use server::shared::Fail;
use store::testing::each_engine;
use store::{params, sql};

use crate::ground::{Browser, ELSEWHERE, Ground, location, staff, text};
use crate::published::{GTIN, goods, publish, record, stamps_of};

#[tokio::test]
async fn a_reporter_follows_the_case_by_its_code_and_reads_the_answer_only() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let app = &ground.app;
        let rice = goods(&ground, Some(GTIN), "Gạo Séng Cù", "SC-0726").await;
        publish(&ground, &record(&ground, &rice, "Gạo Séng Cù", 1)).await;
        let (_, serials) = stamps_of(&ground, &rice, 1).await;
        let anyone = Browser::anonymous(app);
        let empty =
            anyone.post("/doubt", &[("message", " \n "), ("contact", "Lò Thị Minh")], &[]).await;
        assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(empty).await.contains("Lò Thị Minh"), "what was typed stays");
        let link = format!("https://nguon.example/01/{GTIN}/10/SC-0726/21/{}", serials[0]);
        let fields = [
            ("link", link.as_str()),
            ("message", "Bao bì bị <b>mở</b>"),
            ("contact", "0912345678"),
        ];
        let case = location(&anyone.post("/doubt", &fields, &[]).await);
        let page = text(anyone.get(&case).await).await;
        assert!(page.contains("Đã nhận"), "{page}");
        assert!(
            !page.contains("0912345678") && !page.contains("Bao bì"),
            "nothing personal is public"
        );

        let inspector = ground.browser(staff(app, "inspector", "11").await.id).await;
        let id = ground.count(sql!("SELECT id FROM doubt")).await;
        let desk = format!("/desk/doubts/{id}");
        let list = text(inspector.get("/desk/doubts").await).await;
        assert!(list.contains("Gạo Séng Cù · SC-0726") && list.contains("&#60;b&#62;mở"), "{list}");
        let looking =
            [("state", "looking"), ("before", "received"), ("note", "Gọi cho cửa hàng Hoa Ban")];
        assert_eq!(location(&inspector.post(&desk, &looking, &[]).await), desk);
        let stale = inspector.post(&desk, &looking, &[]).await;
        assert_eq!(stale.status(), StatusCode::CONFLICT, "somebody else moved it on meanwhile");
        let page = text(anyone.get(&case).await).await;
        assert!(page.contains("Đang xem xét") && !page.contains("Hoa Ban"), "notes stay inside");
        let answer = [
            ("state", "closed"),
            ("before", "looking"),
            ("note", "Tem đúng, bao bì rách khi vận chuyển."),
        ];
        assert_eq!(location(&inspector.post(&desk, &answer, &[]).await), desk);
        assert!(text(anyone.get(&case).await).await.contains("bao bì rách khi vận chuyển"));
        let back = [("state", "received"), ("before", "closed"), ("note", "x")];
        assert_eq!(
            inspector.post(&desk, &back, &[]).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );

        let province = vietnam::units::commune(ELSEWHERE).unwrap().province_code;
        let far = ground.browser(staff(app, "inspector", province).await.id).await;
        assert_eq!(far.get(&desk).await.status(), StatusCode::NOT_FOUND);
        assert!(!text(far.get("/desk/doubts?state=all").await).await.contains("SC-0726"));
    })
    .await;
}

#[tokio::test]
async fn a_doubt_about_an_unknown_thing_is_seen_by_every_inspector() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let app = &ground.app;
        feedback::report(app, &doubt("tem không đọc được")).await.unwrap();
        let province = vietnam::units::commune(ELSEWHERE).unwrap().province_code;
        let far = ground.browser(staff(app, "inspector", province).await.id).await;
        assert!(text(far.get("/desk/doubts").await).await.contains("Tem mờ"));
        let inspector = staff(app, "inspector", "11").await;
        let id = ground.count(sql!("SELECT id FROM doubt")).await;
        let move_on = |from, to, note| feedback::answer(app, inspector.id, id, from, to, note);
        move_on(State::Received, State::Closed, "Đã đổi tem").await.unwrap();
        let again = move_on(State::Closed, State::Looking, "x").await;
        assert!(matches!(again, Err(Fail::Refused { .. })), "a case only goes forward");
        let case = feedback::case::public(app, id).await.unwrap();
        assert_eq!(case.state, State::Closed);
        assert_eq!(case.steps.last().unwrap().2, "Đã đổi tem");
        assert_eq!(
            ground.count(sql!("SELECT COUNT(*) FROM audit WHERE subject_kind = 'doubt'")).await,
            2
        );
    })
    .await;
}

#[tokio::test]
async fn a_mistyped_tracking_code_is_told_and_reports_are_bounded() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let anyone = Browser::anonymous(&ground.app);
        let code = feedback::report(&ground.app, &doubt("")).await.unwrap();
        let typed = code.grouped().to_lowercase();
        assert_eq!(
            location(&anyone.get(&format!("/cases?code={typed}")).await),
            format!("/cases/{code}")
        );
        let wrong = anyone.get("/cases?code=C123").await;
        assert_eq!(wrong.status(), StatusCode::NOT_FOUND);
        assert!(text(wrong).await.contains("10 ký tự"));
        assert_eq!(anyone.get("/cases/C000000000").await.status(), StatusCode::NOT_FOUND);
        let mut refused = 0;
        for _ in 0..60 {
            let answer = anyone.post("/doubt", &[("message", "lặp lại")], &[]).await;
            refused += usize::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
        }
        assert!(refused >= 20, "{refused}");
        let kept = app_doubts(&ground).await;
        assert!(kept < 45, "{kept}");
    })
    .await;
}

fn doubt(link: &str) -> Report {
    Report { link: link.to_owned(), message: "Tem mờ".to_owned(), contact: String::new() }
}

async fn app_doubts(ground: &Ground) -> i64 {
    let row = ground
        .app
        .store
        .query_one(sql!("SELECT COUNT(*) FROM doubt WHERE id > $1"), &params![0])
        .await;
    row.unwrap().unwrap().get(0).unwrap()
}
