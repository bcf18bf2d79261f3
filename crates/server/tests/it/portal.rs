//! The portal: what is public is found, what is not stays hidden, every page stands.

use axum::http::{StatusCode, header};
use server::portal::figures;
use server::resolve::write_waiting;
use server::stamps;
use store::testing::{each_engine, on_engine};
use store::{Engine, sql};

use crate::ground::{Browser, Ground, location, text};
use crate::published::{GTIN, goods, look, publish, record, stamps_of};

const NAME: &str = "Gạo Séng Cù Mường Thanh";

#[tokio::test]
async fn search_finds_without_marks_and_shows_only_what_is_public() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), NAME, "SC-0726").await;
        publish(&ground, &record(&ground, &rice, NAME, 1)).await;
        let hidden = goods(&ground, None, "Chè Shan Tuyết kín", "ST-1").await;
        let mut tx = ground.app.store.begin().await.unwrap();
        let words = [("Chè Shan Tuyết kín", 3)];
        server::portal::search::index(&mut tx, "product", hidden.product, &words).await.unwrap();
        tx.commit().await.unwrap();
        let browser = Browser::anonymous(&ground.app);
        let find = async |q: &str| text(browser.get(&format!("/search?q={q}")).await).await;
        for q in
            ["gao+seng+cu", "GAO+S%C3%89NG", "muong+gao", "se+cu", "ban+phu+gao", "g%E1%BA%A1o"]
        {
            let page = find(q).await;
            assert!(page.contains(NAME) && page.contains("SC-0726"), "{q}");
        }
        for q in ["gao+nep", "che+shan", "zzz", "%2525", "%27%3B--", "a%00b"] {
            let page = find(q).await;
            assert!(!page.contains("SC-0726") && !page.contains("/products/"), "{q}: {page}");
        }
        assert!(find("htx").await.contains("Không tìm thấy"));
        let commune = vietnam::units::commune(crate::ground::COMMUNE).unwrap();
        let q = vietnam::fold(commune.name).replace(' ', "+");
        assert!(find(&q).await.contains("Hợp tác xã Bản Phủ"), "by commune {q}");
    })
    .await;
}

#[tokio::test]
async fn a_typed_code_goes_straight_to_its_page() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), NAME, "SC-0726").await;
        publish(&ground, &record(&ground, &rice, NAME, 1)).await;
        let (_, serials) = stamps_of(&ground, &rice, 1).await;
        let serial = &serials[0];
        let browser = Browser::anonymous(&ground.app);
        let grouped = stamp::Serial::parse(serial).unwrap().grouped().to_lowercase();
        let cases = [
            (grouped, format!("/t/{serial}")),
            (rice.trace.grouped(), format!("/t/{}", rice.trace)),
            ("8931234567897".to_owned(), format!("/01/{GTIN}")),
            (
                format!("https://other.example/01/{GTIN}/10/SC-0726"),
                format!("/01/{GTIN}/10/SC-0726"),
            ),
            (
                format!("(01){GTIN}(10)SC-0726(21){serial}"),
                format!("/01/{GTIN}/10/SC-0726/21/{serial}"),
            ),
            (format!("HTTPS://NGUON.EXAMPLE/T/{serial}"), format!("/t/{serial}")),
        ];
        for (typed, path) in cases {
            for page in ["/search?q=", "/scan?code="] {
                let q = percent_encoding::utf8_percent_encode(
                    &typed,
                    percent_encoding::NON_ALPHANUMERIC,
                );
                let response = browser.get(&format!("{page}{q}")).await;
                assert_eq!(location(&response), path, "{typed}");
            }
        }
        let foreign =
            text(browser.get("/scan?code=https%3A%2F%2Fevil.example%2Flogin").await).await;
        assert!(foreign.contains("không do hệ thống này cấp"), "{foreign}");
        assert!(!foreign.contains("href=\"https://evil"), "a stranger's address is never a link");
    })
    .await;
}

#[tokio::test]
async fn every_public_page_stands_in_both_languages_without_scripts_or_inline_style() {
    on_engine(Engine::Sqlite, |store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), NAME, "SC-0726").await;
        publish(&ground, &record(&ground, &rice, NAME, 2)).await;
        let browser = Browser::anonymous(&ground.app);
        let product = format!("/products/{}", rice.product);
        let organisation = format!("/organisations/{}", ground.org);
        let pages = [
            "/",
            "/search",
            "/lots",
            "/figures",
            "/about",
            "/scan",
            "/doubt",
            "/cases",
            &product,
            &organisation,
        ];
        for path in pages {
            for lang in ["vi", "en"] {
                let response = browser.get(&format!("{path}?lang={lang}")).await;
                assert_eq!(response.status(), StatusCode::OK, "{path}");
                let page = text(response).await;
                assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{path}");
                assert!(!page.contains(" style=\"") && !page.contains(" onclick="), "{path}");
                assert_eq!(page.matches("<h1").count(), 1, "{path}");
            }
        }
        let home = text(browser.get("/").await).await;
        assert!(home.contains(NAME) && home.contains(&format!("/01/{GTIN}/10/SC-0726")));
        assert_eq!(browser.get("/products/1").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(browser.get("/desk").await.status(), StatusCode::SEE_OTHER);
        assert_eq!(text(browser.get("/healthz").await).await, "ok\n");
        assert_eq!(text(browser.get("/readyz").await).await, "ready\n");
        let robots = browser.get("/robots.txt").await;
        assert!(robots.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/plain"));
        let manager = ground.browser(ground.manager).await;
        assert_eq!(location(&manager.get("/desk").await), format!("/org/{}/lots", ground.org));
    })
    .await;
}

#[tokio::test]
async fn what_was_never_published_has_no_product_page() {
    on_engine(Engine::Sqlite, |store| async move {
        let ground = Ground::new(store).await;
        let tea = goods(&ground, None, "Chè kín", "ST-1").await;
        let browser = Browser::anonymous(&ground.app);
        let response = browser.get(&format!("/products/{}", tea.product)).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        let page = text(browser.get(&format!("/organisations/{}", ground.org)).await).await;
        assert!(!page.contains("Chè kín"));
    })
    .await;
}

#[tokio::test]
async fn the_figures_are_those_of_the_rows_behind_them() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let app = &ground.app;
        let rice = goods(&ground, Some(GTIN), NAME, "SC-0726").await;
        publish(&ground, &record(&ground, &rice, NAME, 1)).await;
        let (order, serials) = stamps_of(&ground, &rice, 5).await;
        stamps::activate(app, ground.manager, ground.org, order, 1, 3).await.unwrap();
        stamps::void(app, ground.manager, ground.org, order, 5, 5, "thử").await.unwrap();
        for phone in ["a", "b"] {
            look(app, &format!("/t/{}", serials[0]), phone).await;
        }
        write_waiting(app).await.unwrap();
        let figures = figures::count(app).await.unwrap();
        assert_eq!((figures.lots, figures.products, figures.organisations), (1, 1, 1));
        assert_eq!((figures.stamps, figures.active, figures.void, figures.scans), (5, 3, 1, 2));
        assert_eq!(figures.days.len(), 30);
        assert_eq!(figures.days.last().unwrap().1, 2, "today is the last bar");
        let days = app.store.query(sql!("SELECT day FROM scan_day"), &[]).await.unwrap();
        assert_eq!(days[0].get::<String>(0).unwrap(), figures.days.last().unwrap().0.to_string());
    })
    .await;
}
