//! What an event says to a buyer, in both languages: ours by their cards, anybody's by the words of
//! CBV and of the Global Dialogue on Seafood Traceability, and the rest by the end of their URI.

use std::collections::HashMap;

use epcis::{Event, EventKind, Quantity};
use gs1::Lang;
use vietnam::format;

use super::cards::{Card, card};
use crate::capture::rules::amount;
use crate::capture::{extension, organisation_of_party};
use crate::lots::ledger::{in_base, wait_of};

/// Names that stand behind identifiers.
#[derive(Default)]
pub struct Names {
    /// What a lot is called, by item.
    pub lots: HashMap<String, String>,
    pub organisations: HashMap<i64, String>,
}

/// Heading and sentence of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Card code or business step.
    pub step: String,
    pub title_vi: String,
    pub title_en: String,
    pub text_vi: String,
    pub text_en: String,
}

/// Business steps that no card of ours writes: CBV 2.0 §7.1, and those of GDST.
const STEPS: &[(&str, &str, &str)] = &[
    ("accepting", "Tiếp nhận", "Accepting"),
    ("arriving", "Đến nơi", "Arriving"),
    ("assembling", "Lắp ráp", "Assembling"),
    ("collecting", "Thu gom", "Collecting"),
    ("commissioning", "Tạo lô, gắn mã", "Commissioning"),
    ("consigning", "Ký gửi", "Consigning"),
    ("creating_class_instance", "Làm ra sản phẩm", "Making"),
    ("cycle_counting", "Kiểm đếm", "Counting"),
    ("decommissioning", "Ngừng dùng mã", "Decommissioning"),
    ("departing", "Rời nơi đi", "Departing"),
    ("destroying", "Tiêu hủy", "Destroying"),
    ("disassembling", "Tháo rời", "Disassembling"),
    ("dispensing", "Cấp phát", "Dispensing"),
    ("encoding", "Ghi mã", "Encoding"),
    ("entering_exiting", "Ra vào", "Entering or exiting"),
    ("holding", "Tạm giữ", "Holding"),
    ("inspecting", "Kiểm tra", "Inspecting"),
    ("installing", "Lắp đặt", "Installing"),
    ("killing", "Hủy thẻ", "Killing a tag"),
    ("loading", "Xếp hàng", "Loading"),
    ("other", "Bước khác", "Another step"),
    ("packing", "Đóng gói", "Packing"),
    ("picking", "Soạn hàng", "Picking"),
    ("receiving", "Nhận hàng", "Receiving"),
    ("removing", "Lấy ra", "Removing"),
    ("repackaging", "Đóng gói lại", "Repackaging"),
    ("repairing", "Sửa chữa", "Repairing"),
    ("replacing", "Thay thế", "Replacing"),
    ("reserving", "Giữ chỗ", "Reserving"),
    ("retail_selling", "Bán lẻ", "Retail selling"),
    ("sampling", "Lấy mẫu", "Sampling"),
    ("sensor_reporting", "Cảm biến báo", "Sensor report"),
    ("shipping", "Vận chuyển", "Shipping"),
    ("staging_outbound", "Chờ xuất", "Staging"),
    ("stock_taking", "Kiểm kê", "Stock taking"),
    ("stocking", "Bày hàng", "Stocking"),
    ("storing", "Lưu kho", "Storing"),
    ("transporting", "Vận chuyển", "Transporting"),
    ("unloading", "Dỡ hàng", "Unloading"),
    ("unpacking", "Mở kiện", "Unpacking"),
    ("void_shipping", "Hủy chuyến giao", "Void shipping"),
    ("hatching", "Ương giống", "Hatching"),
    ("farmHarvest", "Thu hoạch vùng nuôi", "Farm harvest"),
    ("fishingEvent", "Đánh bắt", "Fishing"),
    ("transshipment", "Chuyển tải", "Transshipment"),
    ("landing", "Cập bến", "Landing"),
    ("commingling", "Gộp lô", "Commingling"),
    ("feedmillObject", "Làm thức ăn", "Feed making"),
    ("feedMill", "Làm thức ăn", "Feed making"),
];

/// The last part of a URI: what is left of an identifier that nobody here knows.
pub fn last_part(uri: &str) -> &str {
    uri.trim_end_matches(['/', '#']).rsplit(['/', ':', '#']).next().filter(|part| !part.is_empty()).unwrap_or(uri)
}

/// What a business step is called.
fn step_names(step: &str) -> (String, String) {
    let last = last_part(step);
    match STEPS.iter().find(|(code, _, _)| *code == last) {
        Some((_, vi, en)) => ((*vi).to_owned(), (*en).to_owned()),
        None => {
            let spaced = last.replace(['_', '-'], " ");
            (spaced.clone(), spaced)
        }
    }
}

/// What kind of event it is, where it names no step.
fn kind_names(kind: EventKind) -> (&'static str, &'static str) {
    match kind {
        EventKind::Object => ("Ghi nhận", "Observation"),
        EventKind::Aggregation => ("Xếp vào kiện", "Aggregation"),
        EventKind::Transaction => ("Giao dịch", "Transaction"),
        EventKind::Transformation => ("Chế biến", "Transformation"),
        EventKind::Association => ("Gắn kết", "Association"),
    }
}

/// Heading and sentence of an event.
pub fn describe(event: &Event, names: &Names) -> Words {
    let (text_vi, text_en) = (sentence(event, names, Lang::Vi), sentence(event, names, Lang::En));
    let known = extension::text(event, "card").and_then(|code| card(&code));
    if let Some(card) = known {
        let (title_vi, title_en) = (card.vi.to_owned(), card.en.to_owned());
        return Words { step: card.code.to_owned(), title_vi, title_en, text_vi, text_en };
    }
    let step = event.biz_step.clone().unwrap_or_default();
    let (title_vi, title_en) = if step.is_empty() {
        let (vi, en) = kind_names(event.kind);
        (vi.to_owned(), en.to_owned())
    } else {
        step_names(&step)
    };
    Words { step, title_vi, title_en, text_vi, text_en }
}

fn sentence(event: &Event, names: &Names, lang: Lang) -> String {
    let l = crate::shared::L(lang);
    let text = |name: &str| extension::text(event, name);
    let mut parts: Vec<String> = Vec::new();
    parts.extend(text("substance"));
    parts.extend(text("dose").map(|dose| format!("{} {dose}", l.t("liều", "dose"))));
    if let Some((until, _)) = wait_of(event) {
        let days = extension::number(event, "waitDays").unwrap_or_default();
        let day = format::date(until, lang);
        parts.push(match lang {
            Lang::Vi => format!("cách ly {days} ngày, đến {day}"),
            Lang::En => format!("wait {days} days, until {day}"),
        });
    }
    match event.kind {
        EventKind::Transformation => {
            let list = |all: &[Quantity]| all.iter().map(|one| with_lot(one, names, lang)).collect::<Vec<_>>().join(", ");
            if !event.input_quantity_list.is_empty() {
                parts.push(format!("{} {}", l.t("vào", "in"), list(&event.input_quantity_list)));
            }
            if !event.output_quantity_list.is_empty() {
                parts.push(format!("{} {}", l.t("ra", "out"), list(&event.output_quantity_list)));
            }
        }
        _ => parts.extend(total(&event.quantity_list, lang)),
    }
    if let Some(weight) = text("liveWeight").and_then(|weight| weight.parse().ok()) {
        parts.push(format!("{} {} kg", l.t("cân hơi", "live weight"), format::number(weight, lang)));
    }
    let to = event.destination_list.iter().find_map(|to| names.organisations.get(&organisation_of_party(&to.id)?).cloned());
    if event.biz_step.as_deref() == Some("shipping") {
        parts.extend(to.or_else(|| text("toName")).map(|to| format!("{} {to}", l.t("giao cho", "to"))));
    }
    let from = event.source_list.iter().find_map(|from| names.organisations.get(&organisation_of_party(&from.id)?).cloned());
    if event.biz_step.as_deref() != Some("shipping") {
        parts.extend(from.or_else(|| text("fromName")).map(|from| format!("{} {from}", l.t("từ", "from"))));
    }
    match event.disposition.as_deref() {
        Some("conformant") => parts.push(l.t("đạt", "passed").to_owned()),
        Some("non_conformant") => parts.push(l.t("không đạt", "failed").to_owned()),
        _ => {}
    }
    parts.extend(text("laboratory"));
    parts.extend(text("note"));
    parts.join("; ")
}

fn with_lot(quantity: &Quantity, names: &Names, lang: Lang) -> String {
    let item = epcis::canonical(&quantity.epc_class);
    let name = names.lots.get(&item).map_or_else(|| last_part(&quantity.epc_class).to_owned(), Clone::clone);
    match in_base(quantity) {
        Some((uom, value)) => format!("{} ({name})", amount(value, &uom, lang)),
        None => name,
    }
}

/// The amount of an event about one unit of measure.
fn total(list: &[Quantity], lang: Lang) -> Option<String> {
    let mut amounts = list.iter().filter_map(in_base);
    let (uom, mut sum) = amounts.next()?;
    for (other, value) in amounts {
        if other != uom {
            return None;
        }
        sum = sum.saturating_add(value);
    }
    Some(amount(sum, &uom, lang))
}

/// The whole sentence that buyers read of a step, back to who has just written it.
pub fn whole(l: crate::shared::L, card: Option<&Card>, step: &crate::review::record::JourneyStep) -> String {
    let day = format::date_of(step.time, l.0);
    let verb = card.map_or_else(
        || l.t(&step.title_vi, &step.title_en).to_lowercase(),
        |card| l.t(card.verb_vi, card.verb_en).to_owned(),
    );
    let text = l.t(&step.text_vi, &step.text_en);
    let at = if step.place.is_empty() { String::new() } else { format!(" {} {}", l.t("tại", "at"), step.place) };
    let tail = if text.is_empty() { ".".to_owned() } else { format!(": {text}.") };
    match l.0 {
        Lang::Vi => format!("Ngày {day}, {} {verb}{at}{tail}", step.declared_by),
        Lang::En => format!("On {day}, {} {verb}{at}{tail}", step.declared_by),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_business_step_of_cbv_has_a_name_in_both_languages() {
        for step in epcis::vocab::BIZ_STEPS {
            let known = STEPS.iter().find(|(code, _, _)| code == step);
            assert!(known.is_some_and(|(_, vi, en)| !vi.is_empty() && !en.is_empty()), "{step}");
        }
    }

    #[test]
    fn a_step_of_another_vocabulary_is_known_by_its_last_part() {
        assert_eq!(step_names("urn:gdst:bizStep:fishingEvent").0, "Đánh bắt");
        assert_eq!(step_names("https://example.org/steps#sun_drying").1, "sun drying");
        assert_eq!(last_part("urn:gdst:example.org:location:loc:vessel.0"), "vessel.0");
    }
}
