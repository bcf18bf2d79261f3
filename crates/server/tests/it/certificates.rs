//! Certificates: when one counts, who vouches for it, who gets the paper.

use axum::http::{StatusCode, header};
use jiff::civil::{Date, date};
use server::certificates::{self, Certificate, CertificateFile, NewCertificate, Standing};
use server::identity::account;
use server::shared::Fail;
use store::testing::each_engine;
use store::{params, sql};

use crate::ground::{ELSEWHERE, Ground, bytes, location, organisation, refusal, staff, text};
use crate::products::rice;

fn vietgap(products: &[i64]) -> NewCertificate {
    NewCertificate {
        kind: "vietgap-trong-trot".to_owned(),
        number: "MH-0123".to_owned(),
        issuer: "Tổ chức chứng nhận (minh hoạ)".to_owned(),
        scope: "1,2 ha lúa".to_owned(),
        issued_on: date(2026, 1, 10),
        expires_on: Some(date(2027, 1, 9)),
        products: products.to_vec(),
        file: None,
    }
}

async fn made(g: &Ground, new: &NewCertificate) -> Certificate {
    certificates::create(&g.app, g.manager, g.org, new).await.expect("a certificate")
}

async fn numbers_on(g: &Ground, product: i64, day: Date) -> Vec<String> {
    let valid = certificates::valid_on(&g.app, product, day).await.expect("a look-up");
    valid.into_iter().map(|one| one.number).collect()
}

#[tokio::test]
async fn a_certificate_counts_from_its_first_to_its_last_day_for_its_products_only() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (covered, other) = (rice(&g).await, rice(&g).await);
        made(&g, &vietgap(&[covered.id])).await;
        let counts = [
            (date(2026, 1, 9), false),
            (date(2026, 1, 10), true),
            (date(2026, 10, 12), true),
            (date(2027, 1, 9), true),
            (date(2027, 1, 10), false),
        ];
        for (day, valid) in counts {
            assert_eq!(numbers_on(&g, covered.id, day).await.len(), usize::from(valid), "{day}");
            assert!(numbers_on(&g, other.id, day).await.is_empty(), "{day}");
        }
        let endless = NewCertificate {
            number: "KN-9".to_owned(),
            kind: "kiem-nghiem".to_owned(),
            expires_on: None,
            ..vietgap(&[covered.id])
        };
        made(&g, &endless).await;
        assert_eq!(numbers_on(&g, covered.id, date(2099, 1, 1)).await, ["KN-9"]);
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_certificate_counts_for_no_day_and_cannot_be_changed() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let c = made(&g, &vietgap(&[product.id])).await;
        certificates::withdraw(&g.app, g.manager, &c, c.version).await.expect("it is withdrawn");
        assert!(numbers_on(&g, product.id, date(2026, 6, 1)).await.is_empty());
        let c = certificates::load(&g.app, g.org, c.id).await.expect("it is there");
        assert_eq!(c.standing(date(2026, 6, 1)), Standing::Withdrawn);
        assert!(
            refusal(
                certificates::update(&g.app, g.manager, &c, &vietgap(&[product.id]), c.version)
                    .await
            )
            .contains("đã rút")
        );
    })
    .await;
}

#[tokio::test]
async fn dates_that_cannot_be_are_refused() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let refused = |new: NewCertificate| {
            let app = g.app.clone();
            async move { refusal(certificates::create(&app, g.manager, g.org, &new).await) }
        };
        // It is 22 November 2026.
        let tomorrow = NewCertificate { issued_on: date(2026, 11, 23), ..vietgap(&[]) };
        assert!(refused(tomorrow).await.contains("tương lai"));
        let backwards = NewCertificate { expires_on: Some(date(2026, 1, 9)), ..vietgap(&[]) };
        assert!(refused(backwards).await.contains("sau ngày cấp"));
        let endless =
            NewCertificate { kind: "ocop-4".to_owned(), expires_on: None, ..vietgap(&[]) };
        assert!(refused(endless).await.contains("có thời hạn"));
        made(&g, &NewCertificate { issued_on: date(2026, 11, 22), ..vietgap(&[]) }).await;
    })
    .await;
}

#[tokio::test]
async fn a_certificate_covers_products_of_its_own_organisation_only() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let (other, manager) = g.neighbour("Hộ Quàng Văn Ơn").await;
        let stolen = certificates::create(&g.app, manager, other, &vietgap(&[product.id])).await;
        assert!(matches!(stolen, Err(Fail::NotFound)));
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM certificate")).await, 0);
        let c = made(&g, &vietgap(&[product.id])).await;
        assert!(matches!(certificates::load(&g.app, other, c.id).await, Err(Fail::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_change_takes_the_verification_away_and_a_stale_form_overwrites_nothing() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let c = made(&g, &vietgap(&[product.id])).await;
        certificates::verify(&g.app, &g.officer, &c, c.version).await.expect("an officer verifies");
        assert!(
            certificates::valid_on(&g.app, product.id, date(2026, 6, 1)).await.expect("a look-up")
                [0]
            .verified
        );
        let stale = certificates::update(&g.app, g.manager, &c, &vietgap(&[]), c.version).await;
        assert_eq!(stale.expect_err("it was verified since").status(), StatusCode::CONFLICT);
        let now = certificates::load(&g.app, g.org, c.id).await.expect("it is there");
        assert_eq!(
            (now.products.as_slice(), now.verified_by),
            (&[product.id][..], Some(g.officer.id))
        );
        let renumbered = NewCertificate { number: "MH-0124".to_owned(), ..vietgap(&[product.id]) };
        certificates::update(&g.app, g.manager, &now, &renumbered, now.version)
            .await
            .expect("it changes");
        assert!(
            !certificates::valid_on(&g.app, product.id, date(2026, 6, 1)).await.expect("a look-up")
                [0]
            .verified
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_verifies_his_own_paper_nor_beyond_his_area() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let c = made(&g, &vietgap(&[])).await;
        let stranger = staff(&g.app, "officer", "01").await;
        assert!(matches!(certificates::verify(&g.app, &stranger, &c, 1).await, Err(Fail::NotFound)));
        let inspector = staff(&g.app, "inspector", "11").await;
        assert!(matches!(certificates::verify(&g.app, &inspector, &c, 1).await, Err(Fail::NotFound)));
        let member = staff(&g.app, "officer", "11").await;
        g.app
            .store
            .execute(
                sql!("INSERT INTO membership (organisation, account, role, valid_from) VALUES ($1, $2, 'member', 0)"),
                &params![g.org, member.id],
            )
            .await
            .expect("a membership");
        let member = account::load(&g.app.store, member.id, g.app.now()).await.expect("it loads").expect("it is there");
        assert!(refusal(certificates::verify(&g.app, &member, &c, 1).await).contains("thuộc đơn vị này"));
        let entered = certificates::create(&g.app, g.officer.id, g.org, &vietgap(&[])).await.expect("staff may enter");
        assert!(refusal(certificates::verify(&g.app, &g.officer, &entered, 1).await).contains("đã nhập"));
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM certificate WHERE verified_at IS NOT NULL")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_paper_goes_to_its_organisation_and_the_staff_of_its_area_as_a_download() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let paper = b"%PDF-1.7 minh hoa".to_vec();
        let file = CertificateFile::checked("giấy VietGAP.pdf", paper.clone()).expect("a PDF");
        let c = made(&g, &NewCertificate { file: Some(file), ..vietgap(&[]) }).await;
        let (other, neighbour) = g.neighbour("Hộ Quàng Văn Ơn").await;
        let of_member = format!("/org/{}/certificates/{}/file", g.org, c.id);
        let of_staff = format!("/desk/certificates/{}/file", c.id);
        let inspector = staff(&g.app, "inspector", "11").await.id;
        let stranger = staff(&g.app, "officer", "01").await.id;
        for (who, address) in
            [(g.manager, &of_member), (g.officer.id, &of_staff), (inspector, &of_staff)]
        {
            let answer = g.browser(who).await.get(address).await;
            assert_eq!(answer.status(), StatusCode::OK);
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/pdf");
            assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().expect("text");
            assert!(disposition.starts_with("attachment;"), "{disposition}");
            assert_eq!(bytes(answer).await, paper);
        }
        let foreign = format!("/org/{other}/certificates/{}/file", c.id);
        for (who, address) in [
            (neighbour, &of_member),
            (neighbour, &foreign),
            (neighbour, &of_staff),
            (stranger, &of_staff),
        ] {
            let status = g.browser(who).await.get(address).await.status();
            assert!(
                matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN),
                "{address}: {status}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_keeps_its_file_until_a_new_one_comes_and_refuses_what_is_no_paper() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await.id.to_string();
        let browser = g.browser(g.manager).await;
        let base = format!("/org/{}/certificates", g.org);
        let typed = [
            ("kind", "vietgap-trong-trot"),
            ("number", "MH-0123"),
            ("issuer", "Tổ chức chứng nhận (minh hoạ)"),
            ("issued_on", "10/01/2026"),
            ("expires_on", "2027-01-09"),
            ("products", &product),
            ("version", "1"),
        ];
        let refused = browser.post(&base, &typed, &[("file", "giay.pdf", b"<svg/>")]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(refused).await.contains("Tệp phải là PDF, JPEG hoặc PNG"));
        let path =
            location(&browser.post(&base, &typed, &[("file", "giay.pdf", b"%PDF-1.7 1")]).await);
        let answer = browser.post(&format!("{path}/edit"), &typed, &[]).await;
        assert_eq!(location(&answer), path);
        assert_eq!(bytes(browser.get(&format!("{path}/file")).await).await, b"%PDF-1.7 1");
        for page in [base.clone(), format!("{base}/new"), path.clone(), format!("{path}/edit")] {
            assert_eq!(browser.get(&page).await.status(), StatusCode::OK, "{page}");
        }
        let page = text(browser.get(&path).await).await;
        assert!(page.contains("09/01/2027") && page.contains("Gạo Séng Cù"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn the_desk_shows_what_ended_first_and_only_its_own_area() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let product = rice(&g).await;
        let ending = |number: &str, last: Date| NewCertificate {
            number: number.to_owned(),
            expires_on: Some(last),
            ..vietgap(&[product.id])
        };
        for (number, last) in [
            ("CON-HAN", date(2027, 6, 1)),
            ("SAP-HET", date(2026, 12, 1)),
            ("DA-HET", date(2026, 11, 1)),
        ] {
            made(&g, &ending(number, last)).await;
        }
        let (manager, far) = organisation(&g.app, "Hợp tác xã xa", "cooperative", ELSEWHERE).await;
        g.app
            .store
            .execute(sql!("UPDATE organisation SET state = 'accepted'"), &[])
            .await
            .expect("it is accepted");
        certificates::create(
            &g.app,
            manager,
            far,
            &NewCertificate { number: "NOI-KHAC".to_owned(), ..vietgap(&[]) },
        )
        .await
        .expect("a certificate");
        let browser = g.browser(g.officer.id).await;
        let page = text(browser.get("/desk/certificates").await).await;
        let at = |number: &str| page.find(number);
        assert!(at("DA-HET") < at("SAP-HET") && at("SAP-HET") < at("CON-HAN"), "{page}");
        assert!(at("DA-HET").is_some() && at("NOI-KHAC").is_none());
        let soon = text(browser.get("/desk/certificates?state=soon").await).await;
        assert!(soon.contains("SAP-HET") && !soon.contains("DA-HET") && !soon.contains("CON-HAN"));
        let c = certificates::of_organisation(&g.app, g.org).await.expect("certificates").remove(0);
        let one = text(browser.get(&format!("/desk/certificates/{}", c.id)).await).await;
        assert!(one.contains("/verify\""), "an officer is offered to verify: {one}");
        let version = c.version.to_string();
        let answer = browser
            .post(&format!("/desk/certificates/{}/verify", c.id), &[("version", &version)], &[])
            .await;
        assert_eq!(location(&answer), "/desk/certificates");
    })
    .await;
}
