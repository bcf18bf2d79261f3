//! The audit trail in words: what was done, to which field, from what to what. The trail keeps codes;
//! a reader of a record's history sees the words of the forms. A code without words is shown as it
//! is, so that nothing of the trail is hidden.

use serde_json::Value as Json;
use vietnam::product_groups::product_group;
use vietnam::units_of_measure::unit;

use super::{L, text};
use crate::certificates;
use crate::feedback::State;
use crate::identity::account::Role;
use crate::organisations;
use crate::places;
use crate::stamps::Kind;

/// What was done, as the title of a line of a history.
pub fn action(l: L, code: &str) -> &str {
    match code {
        "accepted" => l.t("Tiếp nhận", "Accepted"),
        "activate" => l.t("Kích hoạt tem", "Stamps activated"),
        "answer" => l.t("Xử lý nghi vấn", "Doubt handled"),
        "apply" => l.t("Gửi hồ sơ đăng ký", "Application sent"),
        "appoint" => l.t("Giao vai trò cán bộ", "Staff role given"),
        "approved" => l.t("Duyệt và công bố", "Approved and published"),
        "check_gln" => l.t("Kiểm tra mã GLN", "GLN checked"),
        "close" => l.t("Đóng lô", "Lot closed"),
        "close_place" => l.t("Đóng địa điểm", "Place closed"),
        "create" => l.t("Khai mới", "Declared"),
        "dismiss" => l.t("Chấm dứt vai trò cán bộ", "Staff role ended"),
        "end" => l.t("Bỏ", "Removed"),
        "join" => l.t("Thêm người vào đơn vị", "Person added"),
        "leave" => l.t("Bỏ người khỏi đơn vị", "Person removed"),
        "open" => l.t("Mở lô", "Lot opened"),
        "order" => l.t("Đặt tem", "Stamps ordered"),
        "password" => l.t("Đổi mật khẩu", "Password changed"),
        "pictures" => l.t("Thay đổi ảnh", "Pictures changed"),
        "renew" => l.t("Cấp mật khẩu mới", "New password given"),
        "reopen" => l.t("Mở lại lô", "Lot opened again"),
        "reopen_place" => l.t("Mở lại địa điểm", "Place opened again"),
        "report" => l.t("Người mua báo nghi vấn", "Doubt reported"),
        "restore" => l.t("Dùng lại sản phẩm", "Product back in use"),
        "resubmit" => l.t("Gửi lại hồ sơ", "Application sent again"),
        "retire" => l.t("Ngừng dùng sản phẩm", "Product out of use"),
        "returned" => l.t("Trả lại", "Returned"),
        "revoke" => l.t("Thu hồi khóa", "Key revoked"),
        "send_again" => l.t("Gửi lại sự kiện chưa gửi được", "Undelivered events sent again"),
        "submit" => l.t("Gửi duyệt", "Sent for review"),
        "take_gln" => l.t("Gỡ mã GLN", "GLN taken away"),
        "update" => l.t("Sửa thông tin", "Changed"),
        "verify" => l.t("Đối chiếu với bản giấy", "Compared with the paper"),
        "void" => l.t("Hủy tem", "Stamps voided"),
        "withdraw" => l.t("Rút chứng nhận", "Certificate withdrawn"),
        other => other,
    }
}

/// What kind of record a line is about.
pub fn subject(l: L, kind: &str) -> &str {
    match kind {
        "account" => l.t("Tài khoản", "Account"),
        "api_key" => l.t("Khóa kết nối", "API key"),
        "certificate" => l.t("Chứng nhận", "Certificate"),
        "doubt" => l.t("Nghi vấn", "Doubt"),
        "lot" => l.t("Lô", "Lot"),
        "named_query" => l.t("Truy vấn đặt tên", "Named query"),
        "organisation" => l.t("Đơn vị", "Organisation"),
        "place" => l.t("Cơ sở, địa điểm", "Place"),
        "product" => l.t("Sản phẩm", "Product"),
        "stamp_order" => l.t("Đơn đặt tem", "Stamp order"),
        "subscription" => l.t("Đăng ký nhận sự kiện", "Subscription"),
        other => other,
    }
}

/// The name of a field, as its form has it.
pub fn field(l: L, name: &str) -> &str {
    match name {
        "address_line" => l.t("Thôn, bản, số nhà", "Village, street, number"),
        "area" => l.t("Địa bàn", "Area"),
        "area_m2" => l.t("Diện tích, m²", "Area, m²"),
        "brand" => l.t("Thương hiệu", "Brand"),
        "closed" => l.t("Đã đóng", "Closed"),
        "out_of_use" => l.t("Ngừng dùng", "Out of use"),
        "code" => l.t("Mã", "Code"),
        "commune" => l.t("Xã, phường", "Commune"),
        "amount" => l.t("Số lượng", "Amount"),
        "count" => l.t("Số tem", "Stamps"),
        "date" => l.t("Ngày", "Day"),
        "description" => l.t("Mô tả", "Description"),
        "dest" => l.t("Nơi nhận", "Receiver"),
        "email" => l.t("Thư điện tử", "E-mail"),
        "events" => l.t("Số sự kiện", "Events"),
        "expires_on" => l.t("Ngày hết hạn", "Last day of validity"),
        "file" => l.t("Tệp", "File"),
        "from" => l.t("Từ tem số", "From stamp no."),
        "gln" => "GLN",
        "gln_checked" => l.t("GLN đã kiểm tra", "GLN checked"),
        "group" | "group_code" => l.t("Nhóm hàng", "Group"),
        "gtin" => "GTIN",
        "issued_on" => l.t("Ngày cấp", "Issued on"),
        "issuer" => l.t("Nơi cấp", "Issuer"),
        "kind" => l.t("Loại", "Kind"),
        "layout" => l.t("Kiểu in", "Carrier"),
        "legal_name" => l.t("Tên đầy đủ", "Legal name"),
        "lot" => l.t("Lô", "Lot"),
        "login" => l.t("Tên đăng nhập", "Login"),
        "made_on" => l.t("Ngày sản xuất", "Made on"),
        "member" => l.t("Thuộc đơn vị", "Member"),
        "message" => l.t("Lời báo", "Message"),
        "missing" => l.t("Số thông tin còn thiếu", "Data missing"),
        "name" => l.t("Tên", "Name"),
        "net_content" => l.t("Quy cách", "Net content"),
        "no_brand" => l.t("Không có thương hiệu", "Has no brand"),
        "no_expiry" => l.t("Không có hạn sử dụng", "Has no expiry"),
        "note" => l.t("Ghi chú", "Note"),
        "number" => l.t("Số", "Number"),
        "old_unit" => l.t("Xã, phường trước 1/7/2025", "Commune before 1 July 2025"),
        "password" => l.t("Mật khẩu", "Password"),
        "person_name" => l.t("Họ và tên", "Your name"),
        "phone" => l.t("Điện thoại", "Phone"),
        "pictures" => l.t("Ảnh", "Pictures"),
        "place" => l.t("Địa điểm", "Place"),
        "product" => l.t("Sản phẩm", "Product"),
        "products" => l.t("Sản phẩm", "Products"),
        "query" => l.t("Truy vấn", "Query"),
        "reason" | "reasons" => l.t("Lý do", "Reason"),
        "representative" => l.t("Người đại diện", "Representative"),
        "revoked" => l.t("Đã thu hồi", "Revoked"),
        "rights" => l.t("Quyền", "Rights"),
        "role" => l.t("Vai trò", "Role"),
        "subscriptions" => l.t("Đăng ký nhận sự kiện", "Subscriptions"),
        "schedule" => l.t("Lịch", "Schedule"),
        "scope" => l.t("Phạm vi", "Scope"),
        "sector" => l.t("Ngành quản lý", "Sector"),
        "since" => l.t("Từ ngày", "Since"),
        "shelf_life_days" => l.t("Thời hạn sử dụng, ngày", "Shelf life, days"),
        "staff" => l.t("Vai trò cán bộ", "Staff role"),
        "stamps" => l.t("Số tem thay đổi", "Stamps changed"),
        "standards" => l.t("Tiêu chuẩn áp dụng", "Standards applied"),
        "state" => l.t("Tình trạng", "State"),
        "substance" => l.t("Tên thuốc, phân, thức ăn", "What was used"),
        "submission" => l.t("Lần gửi", "Submission"),
        "tax_code" => l.t("Mã số thuế", "Tax code"),
        "time" => l.t("Giờ", "Time"),
        "to" => l.t("Đến tem số", "To stamp no."),
        "unit" => l.t("Đơn vị tính", "Unit"),
        "verified_by" => l.t("Đã đối chiếu", "Verified"),
        "wait" => l.t("Thời gian cách ly", "Days to wait"),
        "withdrawn_at" => l.t("Rút lúc", "Withdrawn at"),
        other => other,
    }
}

/// Fields that only machines read: numbers of other records.
pub fn inner(name: &str) -> bool {
    matches!(name, "lot" | "place")
}

/// A value as people read it; `kind` is the kind of the record.
pub fn value(l: L, kind: &str, name: &str, value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => String::new(),
        Some(Json::Bool(yes)) => {
            l.t(if *yes { "có" } else { "không" }, if *yes { "yes" } else { "no" }).to_owned()
        }
        Some(Json::Array(list)) => text::count(&l, &i64::try_from(list.len()).unwrap_or(i64::MAX)),
        Some(Json::Number(_)) if name == "verified_by" => l.t("có", "yes").to_owned(),
        Some(Json::Number(number)) if name == "withdrawn_at" => {
            number.as_i64().map(|at| text::moment(&l, &at)).unwrap_or_default()
        }
        Some(Json::String(said)) => coded(l, kind, name, said),
        Some(other) => other.to_string(),
    }
}

fn coded(l: L, kind: &str, name: &str, said: &str) -> String {
    match (kind, name) {
        (_, "expires_on" | "issued_on" | "made_on") => text::iso_date(&l, said),
        (_, "commune") => vietnam::units::commune(said)
            .map_or_else(|| said.to_owned(), vietnam::units::full_address),
        (_, "group") => product_group(said).map_or(said, |group| group.label(l.0)).to_owned(),
        (_, "unit") => unit(said).map_or(said, |unit| unit.label(l.0)).to_owned(),
        (_, "sector") => organisations::sector_label(l, said),
        (_, "role") => role(l, said),
        (_, "reasons") => reasons(said),
        ("organisation", "kind") => organisations::kind_label(l, said),
        ("place", "kind") => places::kind_label(l, said),
        ("certificate", "kind") => certificates::kind_label(l, said),
        ("stamp_order", "kind") => Kind::of_code(said).map_or(said, |kind| kind.name()).to_owned(),
        ("doubt", "state") => State::of_code(said).map_or(said, |state| state.label(l)).to_owned(),
        (_, "state") => state(l, said).to_owned(),
        _ => said.to_owned(),
    }
}

fn state(l: L, code: &str) -> &str {
    match code {
        "submitted" => l.t("đang chờ", "waiting"),
        "accepted" => l.t("đã tiếp nhận", "accepted"),
        "returned" => l.t("đã trả lại", "returned"),
        "approved" => l.t("đã duyệt", "approved"),
        other => other,
    }
}

fn role(l: L, code: &str) -> String {
    match code {
        "member" => l.t("Thành viên", "Member").to_owned(),
        "manager" => l.t("Quản lý", "Manager").to_owned(),
        other => Role::of_code(other)
            .map_or(other, |role| l.t(role.label().0, role.label().1))
            .to_owned(),
    }
}

/// Reasons of a decision are kept by field; here only what was said matters.
fn reasons(kept: &str) -> String {
    match serde_json::from_str(kept) {
        Ok(Json::Object(map)) => {
            let said: Vec<&str> =
                map.values().filter_map(Json::as_str).filter(|one| !one.is_empty()).collect();
            said.join("; ")
        }
        _ => kept.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use gs1::Lang;
    use serde_json::json;

    use super::*;

    const VI: L = L(Lang::Vi);

    #[test]
    fn every_action_that_the_register_writes_has_words_in_both_languages() {
        let written = [
            "accepted",
            "activate",
            "answer",
            "apply",
            "appoint",
            "approved",
            "check_gln",
            "close",
            "close_place",
            "create",
            "dismiss",
            "join",
            "leave",
            "open",
            "order",
            "password",
            "pictures",
            "renew",
            "reopen",
            "reopen_place",
            "restore",
            "retire",
            "report",
            "resubmit",
            "returned",
            "revoke",
            "submit",
            "take_gln",
            "update",
            "verify",
            "void",
            "withdraw",
        ];
        for code in written {
            for l in [VI, L(Lang::En)] {
                assert_ne!(action(l, code), code);
            }
        }
    }

    #[test]
    fn values_are_told_as_the_pages_tell_them() {
        assert_eq!(value(VI, "lot", "made_on", Some(&json!("2026-11-22"))), "22/11/2026");
        assert_eq!(value(VI, "product", "no_brand", Some(&json!(true))), "có");
        assert_eq!(value(VI, "organisation", "state", Some(&json!("returned"))), "đã trả lại");
        assert_eq!(value(VI, "place", "kind", Some(&json!("barn"))), "Chuồng trại");
        assert_eq!(value(VI, "product", "pictures", Some(&json!([7, 8]))), "2");
        assert_eq!(
            value(VI, "lot", "reasons", Some(&json!(r#"{"image":"Ảnh không rõ","":""}"#))),
            "Ảnh không rõ"
        );
        assert_eq!(value(VI, "product", "brand", Some(&json!("Mường Thanh"))), "Mường Thanh");
    }
}
