//! The verdict on a code: one line and one sentence of what it means. What the answer is depends
//! on the stamp's state, on whether the link and the stamp agree, and on the lot's publication.

use crate::app::Micros;
use crate::shared::{L, text};

/// So many scans of one stamp are more than one thing usually gets.
pub const MANY: i64 = 10;

/// What a scan finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Issued, active, of a published lot. `times` counts this scan.
    Genuine {
        times: i64,
        first_at: Micros,
        activated_at: Micros,
    },
    /// Issued, but nobody has said that it was put on goods.
    Inactive,
    /// No stamp bears this serial number.
    NeverIssued,
    /// The stamp exists, but for another product or lot than the link says.
    Elsewhere,
    Void {
        at: Micros,
    },
    /// The lot's record was public and has been withdrawn.
    Withdrawn {
        at: Micros,
    },
    /// The stamp is active, the lot's record has not been approved.
    Unpublished,
    /// The code of a lot: the same on all its goods.
    LotOnly,
}

impl Verdict {
    /// Code in the register of scans.
    pub fn code(&self) -> &'static str {
        match self {
            Verdict::Genuine { .. } => "genuine",
            Verdict::Inactive => "inactive",
            Verdict::NeverIssued => "never_issued",
            Verdict::Elsewhere => "elsewhere",
            Verdict::Void { .. } => "void",
            Verdict::Withdrawn { .. } => "withdrawn",
            Verdict::Unpublished => "unpublished",
            Verdict::LotOnly => "lot",
        }
    }

    /// Class of the verdict's band.
    pub fn class(&self) -> &'static str {
        match self {
            Verdict::Genuine { times, .. } if *times > MANY => "verdict verdict-warn",
            Verdict::Genuine { .. } => "verdict verdict-good",
            Verdict::Inactive | Verdict::Unpublished | Verdict::LotOnly => "verdict",
            _ => "verdict verdict-bad",
        }
    }

    pub fn icon(&self) -> &'static str {
        match self {
            Verdict::Genuine { times, .. } if *times > MANY => "warning",
            Verdict::Genuine { .. } => "check",
            Verdict::Inactive | Verdict::Unpublished => "clock",
            Verdict::LotOnly => "lot",
            Verdict::NeverIssued => "cross",
            Verdict::Void { .. } => "void",
            Verdict::Elsewhere | Verdict::Withdrawn { .. } => "warning",
        }
    }

    /// Whether the lot's record is shown under it.
    pub fn shows_record(&self) -> bool {
        matches!(
            self,
            Verdict::Genuine { .. } | Verdict::Inactive | Verdict::Void { .. } | Verdict::LotOnly
        )
    }

    /// The line.
    pub fn title(&self, l: L) -> String {
        let fixed = match self {
            Verdict::Genuine { times: ..=1, .. } => {
                ("Tem hợp lệ, quét lần đầu", "Genuine stamp, first scan")
            }
            Verdict::Genuine { times, .. } if *times > MANY => {
                return format!(
                    "{} {times} {}",
                    l.t("Tem đã quét", "Stamp scanned"),
                    l.t("lần", "times")
                );
            }
            Verdict::Genuine { times, .. } => {
                return format!(
                    "{} {times} {}",
                    l.t("Tem hợp lệ, đã quét", "Genuine stamp, scanned"),
                    l.t("lần", "times")
                );
            }
            Verdict::Inactive => ("Tem chưa kích hoạt", "Stamp not activated"),
            Verdict::NeverIssued => ("Mã này chưa từng được cấp", "This code was never issued"),
            Verdict::Elsewhere => ("Tem không khớp với hàng", "The stamp does not fit the goods"),
            Verdict::Void { .. } => ("Tem đã hủy", "Void stamp"),
            Verdict::Withdrawn { .. } => {
                ("Hồ sơ của lô đã bị rút", "The lot’s record was withdrawn")
            }
            Verdict::Unpublished => {
                ("Hồ sơ của lô chưa được duyệt", "The lot’s record is not approved yet")
            }
            Verdict::LotOnly => ("Mã của cả lô hàng", "The code of a whole lot"),
        };
        l.t(fixed.0, fixed.1).to_owned()
    }

    /// What it means and what to do.
    pub fn sentence(&self, l: L) -> String {
        let words = match self {
            Verdict::Genuine { times, first_at, activated_at } => {
                return genuine(l, *times, *first_at, *activated_at);
            }
            Verdict::Void { at } => {
                let day = text::day(&l, at);
                return l
                    .t(
                        "Tem bị hủy ngày {} và không còn giá trị. Nếu thấy tem này trên hàng đang bán, hãy báo cho chúng tôi.",
                        "The stamp was voided on {} and is worth nothing. If you see it on goods for sale, please tell us.",
                    )
                    .replace("{}", &day);
            }
            Verdict::Withdrawn { at } => {
                let day = text::day(&l, at);
                return l
                    .t(
                        "Cơ quan quản lý đã rút hồ sơ của lô này ngày {}. Hãy hỏi người bán hoặc cơ quan trước khi mua, dùng.",
                        "The authority withdrew this lot’s record on {}. Ask the seller or the authority before you buy or use it.",
                    )
                    .replace("{}", &day);
            }
            Verdict::Inactive => (
                "Mã có thật nhưng đơn vị chưa báo là đã dán lên hàng. Nếu thấy tem này trên hàng đang bán, hãy báo cho chúng tôi.",
                "The code is real, but its owner has not said that it was put on goods. If you see it on goods for sale, please tell us.",
            ),
            Verdict::NeverIssued => (
                "Hệ thống không cấp tem nào mang số này. Có thể số bị gõ sai, hoặc tem là giả. Hãy báo cho chúng tôi.",
                "No stamp with this number was issued. It may be mistyped, or the stamp is a fake. Please tell us.",
            ),
            Verdict::Elsewhere => (
                "Số tem này có thật nhưng được cấp cho sản phẩm hoặc lô khác. Đừng tin tem này; hãy báo cho chúng tôi.",
                "The number is real but was issued for another product or lot. Do not trust this stamp; please tell us.",
            ),
            Verdict::Unpublished => (
                "Tem có thật và đã kích hoạt, nhưng cơ quan chưa duyệt hồ sơ nguồn gốc nên chưa công bố.",
                "The stamp is real and active, but the record of origin is not approved yet and so not public.",
            ),
            Verdict::LotOnly => (
                "Mã này in giống nhau trên mọi sản phẩm của lô, nên không chứng minh được riêng món hàng này là thật.",
                "This code is the same on all goods of the lot, so it cannot prove that this one item is genuine.",
            ),
        };
        l.t(words.0, words.1).to_owned()
    }
}

fn genuine(l: L, times: i64, first_at: Micros, activated_at: Micros) -> String {
    let activated = text::day(&l, &activated_at);
    if times <= 1 {
        return l
            .t(
                "Mã này do hệ thống cấp và đã kích hoạt ngày {}. Nếu bao bì đã bị mở, hãy báo cho chúng tôi.",
                "This code was issued here and activated on {}. If the package was already open, please tell us.",
            )
            .replace("{}", &activated);
    }
    let first = text::moment(&l, &first_at);
    let start = l
        .t("Kích hoạt ngày {a}, quét lần đầu {f}.", "Activated on {a}, first scanned {f}.")
        .replace("{a}", &activated)
        .replace("{f}", &first);
    let rest = if times > MANY {
        l.t(
            "Một tem thường chỉ được quét vài lần; quét nhiều có thể do tem bị sao chép. Xem kỹ bao bì và báo nghi vấn nếu thấy lạ.",
            "One stamp is usually scanned a few times; many scans may mean that it was copied. Look closely and report a doubt.",
        )
    } else {
        l.t(
            "Nếu bạn là người đầu tiên mở bao bì này, hãy hỏi người bán hoặc báo nghi vấn.",
            "If you are the first to open this package, ask the seller or report a doubt.",
        )
    };
    format!("{start} {rest}")
}
