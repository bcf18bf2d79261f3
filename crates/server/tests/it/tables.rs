//! The tables of the desks: the order stands in the address, empty cells come last, and the
//! spreadsheet holds the same rows as the page.

use axum::http::{StatusCode, header};
use std::io::Read as _;
use store::testing::each_engine;

use crate::ground::{Browser, Ground, bytes, staff, text};

/// The names in the order of the page.
async fn order(browser: &Browser, path: &str, names: &[&str]) -> Vec<String> {
    let page = text(browser.get(path).await).await;
    let mut found: Vec<(usize, String)> = names
        .iter()
        .filter_map(|name| Some((page.find(&format!(">{name} (minh hoạ)<"))?, (*name).to_owned())))
        .collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

#[tokio::test]
async fn an_officers_table_sorts_by_the_address_and_keeps_its_filter() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        // By letters first, marks after: Đào stands before Dung, not behind Z.
        let names = ["Hộ Dung", "Hộ Đào", "Hộ Ê Đê", "=cmd|' /C calc'!A0"];
        for name in names {
            g.neighbour(name).await;
        }
        let officer = g.browser(g.officer.id).await;
        let up = order(&officer, "/desk/organisations?sort=name", &names[..3]).await;
        assert_eq!(up, ["Hộ Đào", "Hộ Dung", "Hộ Ê Đê"]);
        let down = order(&officer, "/desk/organisations?sort=-name", &names[..3]).await;
        assert_eq!(down, ["Hộ Ê Đê", "Hộ Dung", "Hộ Đào"]);

        let page =
            text(officer.get("/desk/organisations?q=ho&state=accepted&sort=name").await).await;
        assert!(page.contains(r#"aria-sort="ascending""#));
        assert!(
            page.contains("?q=ho&#38;state=accepted&#38;sort=-name"),
            "a second press turns it"
        );
        assert!(page.contains(r#"name="sort" value="name""#), "the filter keeps the order");
        let odd = officer.get("/desk/organisations?sort=%22%3E%3Cscript%3E").await;
        assert_eq!(odd.status(), StatusCode::OK);
        assert!(!text(odd).await.contains("<script>"));
    })
    .await;
}

#[tokio::test]
async fn a_table_goes_out_as_a_spreadsheet_in_which_a_formula_is_text() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        g.neighbour("=cmd|' /C calc'!A0").await;
        let officer = g.browser(g.officer.id).await;
        let answer = officer.get("/desk/organisations?q=calc&format=xlsx").await;
        assert_eq!(
            answer.headers()[header::CONTENT_DISPOSITION],
            "attachment; filename=\"don-vi-2026-11-22.xlsx\""
        );
        let file = bytes(answer).await;
        let mut book = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let (sheet, words) = (part("xl/worksheets/sheet1.xml"), part("xl/sharedStrings.xml"));
        assert!(words.contains("=cmd|") && words.contains("Mã số thuế"), "{words}");
        assert!(!sheet.contains("<f>"), "no cell is a formula");
        assert_eq!(sheet.matches("<row ").count(), 2, "the head and the one row that fits");

        for (path, role) in [
            ("/desk/certificates?format=xlsx", "officer"),
            ("/desk/doubts?format=xlsx", "officer"),
            ("/desk/audit?format=xlsx&q=Ban%20Phu", "administrator"),
        ] {
            let person = staff(&g.app, role, "").await;
            let answer = g.browser(person.id).await.get(path).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            assert!(bytes(answer).await.starts_with(b"PK"), "{path}");
        }
        let elsewhere = staff(&g.app, "officer", "01").await;
        let file =
            bytes(g.browser(elsewhere.id).await.get("/desk/organisations?format=xlsx").await);
        let mut book = zip::ZipArchive::new(std::io::Cursor::new(file.await)).unwrap();
        let mut sheet = String::new();
        book.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        assert_eq!(sheet.matches("<row ").count(), 1, "another area's officer gets the head alone");
    })
    .await;
}
