//! A record laid out field by field for the reviewer: value, who said it, what it was the last
//! time, and the same layout for reasons of return.

use super::record::PublicRecord;
use crate::shared::{L, text};

/// One line of the reviewer's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Stable between submissions: `name`, `standards`, `step:urn:uuid:…`.
    pub key: String,
    pub label: String,
    pub value: String,
    /// Pictures that belong to the value, for the page to show.
    pub pictures: Vec<i64>,
    pub source: String,
    /// The value of the submission before, where it differs.
    pub before: Option<String>,
    /// New since the submission before.
    pub added: bool,
}

/// The fields of a record.
pub fn of(record: &PublicRecord, l: L) -> Vec<Field> {
    let owner = record.organisation.name.as_str();
    let mut fields = Vec::new();
    let mut put = |key: &str, label: &str, value: String, source: &str| {
        fields.push(Field {
            key: key.to_owned(),
            label: label.to_owned(),
            value,
            pictures: Vec::new(),
            source: source.to_owned(),
            before: None,
            added: false,
        });
    };
    let none =
        |said: bool, vi: &str, en: &str| if said { l.t(vi, en).to_owned() } else { String::new() };
    let product = &record.product;
    put("name", l.t("Tên sản phẩm", "Product"), product.name.clone(), owner);
    put("image", l.t("Hình ảnh", "Pictures"), pictures(&product.pictures, l), owner);
    let brand = if product.brand.is_empty() {
        none(product.no_brand, "khai là không có", "declared to have none")
    } else {
        product.brand.clone()
    };
    put("brand", l.t("Thương hiệu", "Brand"), brand, owner);
    put(
        "standards",
        l.t("Tiêu chuẩn áp dụng", "Standards applied"),
        product.standards.join("; "),
        owner,
    );
    put("content", l.t("Quy cách", "Net content"), product.net_content.clone(), owner);
    put(
        "gtin",
        l.t("Mã sản phẩm", "Product code"),
        if product.gtin.is_empty() { product.code.clone() } else { product.gtin.clone() },
        owner,
    );
    put(
        "organisation",
        l.t("Đơn vị", "Organisation"),
        record.organisation.name.clone(),
        l.t("sổ đơn vị ✓", "register ✓"),
    );
    put(
        "address",
        l.t("Địa chỉ", "Address"),
        record.organisation.address.clone(),
        l.t("sổ đơn vị ✓", "register ✓"),
    );
    put("lot", l.t("Lô", "Lot"), record.lot.code.clone(), owner);
    put(
        "made",
        l.t("Ngày sản xuất", "Made on"),
        text::iso_date(&l, &record.lot.made_on),
        l.t("nhật ký", "diary"),
    );
    let expiry = if record.lot.expires_on.is_empty() {
        none(product.no_expiry, "khai là không có hạn", "declared to have none")
    } else {
        text::iso_date(&l, &record.lot.expires_on)
    };
    put("expiry", l.t("Hạn dùng", "Expiry"), expiry, owner);
    for one in &record.certificates {
        let checked = if one.verified {
            l.t("cán bộ đã đối chiếu ✓", "checked by an officer ✓")
        } else {
            l.t("chưa đối chiếu", "not checked")
        };
        let value = format!(
            "{} {} · {} · {} {}",
            l.t(&one.kind_vi, &one.kind_en),
            one.number,
            one.issuer,
            l.t("hạn", "until"),
            text::iso_date(&l, &one.expires_on)
        );
        put(&format!("certificate:{}", one.id), l.t("Chứng nhận", "Certificate"), value, checked);
    }
    for step in &record.journey {
        let label =
            format!("{} · {}", l.t(&step.title_vi, &step.title_en), text::day(&l, &step.time));
        let place = if step.place.is_empty() {
            l.t("chưa có địa điểm", "no place")
        } else {
            &step.place
        };
        let value = format!("{} · {place}", l.t(&step.text_vi, &step.text_en));
        let mut source = step.declared_by.clone();
        if !step.entered_for_by.is_empty() {
            source =
                format!("{source} ({} {})", l.t("nhập thay:", "entered by"), step.entered_for_by);
        }
        if step.confirmed {
            source = format!("{source} · {}", l.t("hai bên khớp ✓", "both sides agree ✓"));
        }
        put(&format!("step:{}", step.event_id), &label, value, &source);
    }
    for field in &mut fields {
        let step = |key: &str| record.journey.iter().find(|step| step.event_id == key);
        field.pictures = match field.key.strip_prefix("step:") {
            Some(event) => step(event).map(|step| step.pictures.clone()).unwrap_or_default(),
            None if field.key == "image" => product.pictures.clone(),
            None => Vec::new(),
        };
    }
    fields
}

fn pictures(ids: &[i64], l: L) -> String {
    if ids.is_empty() {
        return String::new();
    }
    format!("{} {}", ids.len(), l.t("ảnh", "pictures"))
}

/// Marks what changed since the submission before; returns labels of what is gone.
pub fn compare(now: &mut [Field], before: &[Field], l: L) -> Vec<Field> {
    for field in now.iter_mut() {
        match before.iter().find(|old| old.key == field.key) {
            Some(old) if old.value != field.value || old.pictures != field.pictures => {
                let was = if old.value == field.value {
                    format!("{} ({})", old.value, l.t("ảnh khác", "other pictures"))
                } else {
                    old.value.clone()
                };
                field.before = Some(was);
            }
            Some(_) => {}
            None => field.added = true,
        }
    }
    before.iter().filter(|old| !now.iter().any(|field| field.key == old.key)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> PublicRecord {
        let mut record = PublicRecord::default();
        record.product.name = name.to_owned();
        record
    }

    #[test]
    fn a_changed_field_shows_what_it_was_and_an_unchanged_one_does_not() {
        let l = L(gs1::Lang::Vi);
        let before = of(&named("Gạo đặc sản"), l);
        let mut after = named("Gạo Séng Cù");
        after.journey.push(super::super::record::JourneyStep {
            event_id: "urn:uuid:1".into(),
            ..Default::default()
        });
        let mut now = of(&after, l);
        let gone = compare(&mut now, &before, l);
        assert!(gone.is_empty());
        let of_key = |key: &str| now.iter().find(|field| field.key == key).unwrap();
        assert_eq!(of_key("name").before.as_deref(), Some("Gạo đặc sản"));
        assert_eq!(of_key("lot").before, None);
        assert!(of_key("step:urn:uuid:1").added);
    }

    #[test]
    fn other_pictures_of_the_same_number_are_a_change_and_their_inner_numbers_stay_inside() {
        let l = L(gs1::Lang::Vi);
        let pictured = |id| {
            let mut record = named("Gạo Séng Cù");
            record.product.pictures = vec![id];
            of(&record, l)
        };
        let mut now = pictured(987_654_321);
        assert!(compare(&mut now, &pictured(123_456_789), l).is_empty());
        let image = now.iter().find(|field| field.key == "image").unwrap();
        assert_eq!(image.value, "1 ảnh");
        assert_eq!(image.pictures, [987_654_321]);
        assert_eq!(image.before.as_deref(), Some("1 ảnh (ảnh khác)"));
    }
}
