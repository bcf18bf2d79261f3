//! Products: numbers, pictures, what is still missing.

use axum::http::{StatusCode, header};
use server::diary::{self, Step};
use server::lots::{self, NewLot};
use server::products::{self, NewProduct, Product};
use server::shared::{Fail, picture};
use stamp::code::{Code, Kind};
use store::testing::each_engine;
use store::{params, sql};

use crate::ground::{Browser, Ground, bytes, location, refusal, text};
use crate::lots::land;

pub(crate) fn new_rice() -> NewProduct {
    NewProduct {
        name: "Gạo Séng Cù Mường Thanh".to_owned(),
        group_code: "luong-thuc".to_owned(),
        unit: "kg".to_owned(),
        ..NewProduct::default()
    }
}

pub(crate) async fn rice(g: &Ground) -> Product {
    products::create(&g.app, g.manager, g.org, &new_rice()).await.expect("a product")
}

fn numbered(gtin: &str) -> NewProduct {
    NewProduct { gtin: Some(gtin.to_owned()), ..new_rice() }
}

/// A PNG of some green.
fn png() -> Vec<u8> {
    let image = image::RgbImage::from_pixel(30, 20, image::Rgb([60, 120, 60]));
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Png).expect("a PNG");
    out.into_inner()
}

async fn pictures(g: &Ground, product: &Product, count: usize) -> Vec<i64> {
    let mut taken = Vec::new();
    for _ in 0..count {
        taken.push(picture::clean(png()).await.expect("it decodes").expect("a picture"));
    }
    products::add_pictures(&g.app, g.manager, product, taken).await.expect("they are kept")
}

#[tokio::test]
async fn a_product_without_gtin_gets_a_provincial_code() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (one, two) = (rice(&g).await, rice(&g).await);
        assert!(Code::parse_kind(Kind::Product, &one.code).is_ok());
        assert_ne!(one.code, two.code);
        assert_eq!(products::load(&g.app, g.org, one.id).await.expect("it is there"), one);
    })
    .await;
}

#[tokio::test]
async fn a_gtin_is_checked_stored_as_fourteen_digits_and_belongs_to_one_product() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let make = |new: NewProduct| {
            let app = g.app.clone();
            async move { products::create(&app, g.manager, g.org, &new).await }
        };
        assert_eq!(
            refusal(make(numbered("8931234567890")).await),
            "Mã số kiểm tra sai: số cuối phải là 7."
        );
        for restricted in ["0200000000017", "0400000000015", "2000000000015", "2999999999994"] {
            let digit = gs1::check_digit(&restricted[..12]).expect("digits");
            let gtin = format!("{}{digit}", &restricted[..12]);
            assert!(refusal(make(numbered(&gtin)).await).contains("nội bộ"), "{gtin}");
        }
        let product = make(numbered("8 931234 567897")).await.expect("a product");
        assert_eq!(product.gtin.as_deref(), Some("08931234567897"));
        assert!(
            refusal(make(numbered("08931234567897")).await).contains("sản phẩm khác của đơn vị")
        );
        let (other, manager) = g.neighbour("Hộ Quàng Văn Ơn").await;
        let theirs = products::create(&g.app, manager, other, &numbered("8931234567897")).await;
        assert!(refusal(theirs).contains("một đơn vị khác đăng ký"));
    })
    .await;
}

#[tokio::test]
async fn a_gtin_does_not_change_once_there_are_lots() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let product = products::update(&g.app, g.manager, &product, &numbered("8931234567897"), 1)
            .await
            .expect("no lots yet");
        let place = server::places::of_organisation(&g.app, g.org).await.expect("places")[0].id;
        g.lot(product.id, place).await;
        assert!(
            refusal(products::update(&g.app, g.manager, &product, &new_rice(), 2).await)
                .contains("đã có lô")
        );
        let renamed =
            NewProduct { name: "Gạo Séng Cù".to_owned(), ..numbered("8931234567897") };
        assert_eq!(
            products::update(&g.app, g.manager, &product, &renamed, 2)
                .await
                .expect("a name may")
                .version,
            3
        );
    })
    .await;
}

#[tokio::test]
async fn a_product_of_another_organisation_is_not_found() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let (other, manager) = g.neighbour("Hộ Quàng Văn Ơn").await;
        assert!(matches!(products::load(&g.app, other, product.id).await, Err(Fail::NotFound)));
        let browser = g.browser(manager).await;
        for page in ["", "/edit"] {
            let answer = browser.get(&format!("/org/{other}/products/{}{page}", product.id)).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        }
        let own = pictures(&g, &product, 1).await[0];
        let path = format!("/org/{other}/products/{}/pictures/{own}/remove", product.id);
        assert_eq!(browser.post(&path, &[], &[]).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM picture")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_stale_form_overwrites_nothing() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let renamed = |name: &str| NewProduct { name: name.to_owned(), ..new_rice() };
        let first = products::update(&g.app, g.manager, &product, &renamed("Gạo một"), 1)
            .await
            .expect("the first");
        let second = products::update(&g.app, g.manager, &product, &renamed("Gạo hai"), 1).await;
        assert_eq!(second.expect_err("the second").status(), StatusCode::CONFLICT);
        assert_eq!(products::any(&g.app, product.id).await.expect("it is there"), first);
        let history =
            server::shared::audit::history(&g.app, "product", product.id).await.expect("a history");
        assert_eq!(
            history.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(),
            ["update", "create"]
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_nothing_is_made() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let browser = g.browser(g.manager).await;
        let path = format!("/org/{}/products", g.org);
        let typed = [("name", "Chè Shan Tuyết"), ("group_code", "che-ca-phe"), ("unit", "kg")];
        // The head of a PNG of 60,000 × 60,000 pixels: a bomb if it were decoded.
        let mut bomb =
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xEA\x60\0\0\xEA\x60\x08\x02\0\0\0".to_vec();
        bomb.extend([0; 40]);
        let svg: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        for (name, file) in [("bomb.png", bomb.as_slice()), ("anh.jpg", svg)] {
            let answer = browser.post(&path, &typed, &[("pictures", name, file)]).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            let page = text(answer).await;
            assert!(page.contains("không phải ảnh") && page.contains("Chè Shan Tuyết"), "{name}");
        }
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM product")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_product_declared_by_form_shows_its_pictures_to_anyone() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let browser = g.browser(g.manager).await;
        let typed = [
            ("name", "Chè Shan Tuyết"),
            ("group_code", "che-ca-phe"),
            ("unit", "kg"),
            ("gtin", ""),
            ("no_brand", "yes"),
            ("shelf_life_days", "730"),
            ("standards", "TCVN 9740:2013\r\n\r\n TCVN 9740:2013 \r\nTCCS 01:2026"),
        ];
        let path = location(
            &browser
                .post(
                    &format!("/org/{}/products", g.org),
                    &typed,
                    &[("pictures", "che.png", &png())],
                )
                .await,
        );
        let page = text(browser.get(&path).await).await;
        assert!(
            page.contains("TCCS 01:2026") && page.contains("Đủ thông tin về sản phẩm"),
            "{page}"
        );
        let products = products::of_organisation(&g.app, g.org).await.expect("products");
        assert_eq!(products[0].standards, ["TCVN 9740:2013", "TCCS 01:2026"]);
        let id = picture::of_subject(&g.app, "product", products[0].id).await.expect("pictures")[0];
        let anyone = Browser::anonymous(&g.app);
        for address in [format!("/pictures/{id}"), format!("/pictures/{id}/small")] {
            let answer = anyone.get(&address).await;
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/jpeg");
            assert_eq!(
                answer.headers()[header::CACHE_CONTROL],
                "public, max-age=31536000, immutable"
            );
            assert!(answer.headers().get(header::SET_COOKIE).is_none());
            assert!(bytes(answer).await.starts_with(b"\xFF\xD8\xFF"));
        }
        assert_eq!(anyone.get("/pictures/1").await.status(), StatusCode::NOT_FOUND);
        for list in ["", "/new"] {
            assert_eq!(
                browser.get(&format!("/org/{}/products{list}", g.org)).await.status(),
                StatusCode::OK
            );
        }
        assert_eq!(browser.get(&format!("{path}/edit?lang=en")).await.status(), StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_brand_and_no_brand_together_are_a_fault_at_the_field() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let browser = g.browser(g.manager).await;
        let typed = [
            ("name", "Mật ong"),
            ("group_code", "khac"),
            ("unit", "lit"),
            ("brand", "Mường Nhé"),
            ("no_brand", "yes"),
        ];
        let answer = browser.post(&format!("/org/{}/products", g.org), &typed, &[]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(answer).await.contains(r##"href="#f-brand""##));
    })
    .await;
}

#[tokio::test]
async fn pictures_keep_their_order_and_their_number_is_bounded() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let ids = pictures(&g, &product, 3).await;
        products::put_first(&g.app, g.manager, &product, ids[2]).await.expect("it is first");
        products::remove_picture(&g.app, g.manager, &product, ids[0]).await.expect("it is gone");
        assert_eq!(
            picture::of_subject(&g.app, "product", product.id).await.expect("pictures"),
            [ids[2], ids[1]]
        );
        assert!(matches!(
            products::put_first(&g.app, g.manager, &product, ids[0]).await,
            Err(Fail::NotFound)
        ));
        pictures(&g, &product, products::MOST_PICTURES - 2).await;
        let more = picture::clean(png()).await.expect("it decodes").expect("a picture");
        assert!(
            refusal(products::add_pictures(&g.app, g.manager, &product, vec![more]).await)
                .contains("nhiều nhất")
        );
    })
    .await;
}

#[tokio::test]
async fn a_picture_that_a_record_may_name_is_taken_off_but_still_served() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let ids = pictures(&g, &product, 2).await;
        products::remove_picture(&g.app, g.manager, &product, ids[0]).await.expect("it goes");
        let anyone = Browser::anonymous(&g.app);
        assert_eq!(anyone.get(&format!("/pictures/{}", ids[0])).await.status(), StatusCode::NOT_FOUND);
        let place = server::places::of_organisation(&g.app, g.org).await.expect("places")[0].id;
        let lot = g.lot(product.id, place).await;
        g.app
            .store
            .execute(
                sql!(
                    "INSERT INTO submission (id, lot, organisation, number, state, record, missing, submitted_by, submitted_at,
                       reasons) VALUES ($1, $2, $3, 1, 'approved', '{}', 0, $4, 0, '')"
                ),
                &params![g.app.id(), lot, g.org, g.manager],
            )
            .await
            .expect("a submission");
        products::remove_picture(&g.app, g.manager, &product, ids[1]).await.expect("it is taken off");
        assert_eq!(picture::of_subject(&g.app, "product", product.id).await.expect("pictures"), [0_i64; 0]);
        assert_eq!(anyone.get(&format!("/pictures/{}", ids[1])).await.status(), StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn every_missing_datum_leads_to_the_field_that_mends_it() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let edit = format!("/org/{}/products/{}/edit", g.org, product.id);
        let missing = products::missing_for(&g.app, &product).await.expect("a list");
        let mends: Vec<(String, u8)> =
            missing.into_iter().map(|item| (item.mend, item.number)).collect();
        let fields =
            [("f-pictures", 2), ("f-brand", 8), ("f-shelf_life_days", 9), ("f-standards", 10)];
        assert_eq!(mends, fields.map(|(field, number)| (format!("{edit}#{field}"), number)));
        let page = text(g.browser(g.manager).await.get(&edit).await).await;
        for (field, _) in fields {
            assert!(page.contains(&format!("id=\"{field}\"")), "{field}");
        }
        let whole = NewProduct {
            no_brand: true,
            no_expiry: true,
            standards: vec!["TCVN 11888:2017".to_owned()],
            ..new_rice()
        };
        let product =
            products::update(&g.app, g.manager, &product, &whole, 1).await.expect("it changes");
        pictures(&g, &product, 1).await;
        assert_eq!(products::missing_for(&g.app, &product).await.expect("a list"), []);
    })
    .await;
}

#[tokio::test]
async fn a_product_is_found_by_name_without_marks_and_by_its_numbers() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = products::create(&g.app, g.manager, g.org, &numbered("8931234567897"))
            .await
            .expect("a product");
        let code = product.code.to_lowercase();
        for word in ["seng", "muong", "8931234567897", "08931234567897", &code, "phu"] {
            let row = g
                .app
                .store
                .query_one(
                    sql!("SELECT subject FROM search_term WHERE word = $1 AND kind = 'product'"),
                    &params![word.as_bytes()],
                )
                .await
                .expect("a look-up");
            assert_eq!(row.expect(word).get::<i64>(0).expect("an id"), product.id);
        }
    })
    .await;
}

#[tokio::test]
async fn a_product_out_of_use_opens_no_lot_and_its_lots_go_on() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.open(&g).await;
        let product = &land.product;
        products::retire(&g.app, g.manager, product, product.version, true).await.unwrap();
        let retired = products::load(&g.app, g.org, product.id).await.unwrap();
        assert!(products::of_organisation(&g.app, g.org).await.unwrap().is_empty());
        let new = NewLot { product: product.id, place: land.place.id, ..NewLot::default() };
        assert!(lots::open(&g.app, g.manager, g.org, &new).await.is_err());
        let step = Step { amount: Some(5.into()), ..land.card(&g, "harvest", 1) };
        let taken = diary::record(&g.app, g.manager, g.org, lot.id, &step, Vec::new()).await;
        taken.expect("the lot goes on");

        // Through the page, by its manager; the page says how it stands.
        let browser = g.browser(g.manager).await;
        let page = format!("/org/{}/products/{}", g.org, product.id);
        assert!(text(browser.get(&page).await).await.contains("Sản phẩm đã ngừng dùng"));
        let back = [("retired", "no"), ("version", "1")];
        let answer = browser.post(&format!("{page}/retired"), &back, &[]).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "the form is stale");
        let version = retired.version.to_string();
        browser
            .post(&format!("{page}/retired"), &[("retired", "no"), ("version", &version)], &[])
            .await;
        assert!(products::load(&g.app, g.org, product.id).await.unwrap().retired_at.is_none());
    })
    .await;
}
