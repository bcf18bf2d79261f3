//! Warnings and errors in both languages.

use stamp::Lang;
use stamp::carrier::{CarrierError, Symbology};

use crate::{SheetError, Warning};

impl Warning {
    /// One sentence for whoever prints.
    pub fn message(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::SmallModule { symbology, module_mm, stamps }, Lang::Vi) => format!(
                "{stamps} tem có {} rộng {} mm, nên từ {} mm trở lên: hãy chọn cỡ tem lớn hơn",
                module(symbology, lang),
                decimal_comma(module_mm),
                decimal_comma(symbology.x_dimension().least)
            ),
            (Self::SmallModule { symbology, module_mm, stamps }, Lang::En) => format!(
                "{stamps} stamps have {} of {module_mm:.3} mm, less than {:.3} mm: choose a larger \
                 stamp",
                module(symbology, lang),
                symbology.x_dimension().least
            ),
            (Self::LowBars { symbology, bar_mm, stamps }, Lang::Vi) => format!(
                "{stamps} tem có mã vạch {} chỉ cao {} mm, thấp hơn mức quy định: hãy chọn cỡ tem cao \
                 hơn hoặc bớt dòng chữ",
                symbology.name(),
                format!("{bar_mm:.1}").replace('.', ",")
            ),
            (Self::LowBars { symbology, bar_mm, stamps }, Lang::En) => format!(
                "{stamps} stamps have {} bars only {bar_mm:.1} mm high, lower than the rule: choose a \
                 higher stamp or fewer lines of text",
                symbology.name()
            ),
            (Self::TextCut { first, stamps }, Lang::Vi) => format!(
                "{stamps} tem không đủ chỗ cho hết chữ, đầu tiên là tem thứ {}: hãy rút gọn dòng \
                 chữ hoặc chọn cỡ tem lớn hơn",
                first + 1
            ),
            (Self::TextCut { first, stamps }, Lang::En) => format!(
                "The text of {stamps} stamps does not fit, stamp {} is the first: shorten it or \
                 choose a larger stamp",
                first + 1
            ),
            (Self::MissingGlyph { character, stamps }, Lang::Vi) => format!(
                "Phông chữ không có ký tự U+{:04X} ({stamps} tem): hãy bỏ ký tự này",
                u32::from(character)
            ),
            (Self::MissingGlyph { character, stamps }, Lang::En) => format!(
                "The font has no character U+{:04X} ({stamps} stamps): leave it out",
                u32::from(character)
            ),
        }
    }
}

/// What is measured: a square of a matrix, or the narrowest bar.
fn module(symbology: Symbology, lang: Lang) -> String {
    let name = symbology.name();
    match (symbology.bar_mm(1.0).is_none(), lang) {
        (true, Lang::Vi) => format!("ô mã {name}"),
        (true, Lang::En) => format!("{name} modules"),
        (false, Lang::Vi) => format!("vạch hẹp nhất của mã {name}"),
        (false, Lang::En) => format!("narrowest {name} bars"),
    }
}

impl SheetError {
    /// One sentence for whoever ordered the sheet.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Empty, Lang::Vi) => "Chưa có tem nào để in".to_owned(),
            (Self::Empty, Lang::En) => "There are no stamps to print".to_owned(),
            (Self::Size { width_mm, height_mm }, Lang::Vi) => {
                format!("Cỡ tem {width_mm} × {height_mm} mm không in được: hãy chọn cỡ khác")
            }
            (Self::Size { width_mm, height_mm }, Lang::En) => {
                format!("{width_mm} × {height_mm} mm cannot be printed: choose another size")
            }
            (Self::Symbol { stamp, source: CarrierError::TooLong { symbology, .. } }, _)
                if *symbology == Symbology::Qr =>
            {
                let number = stamp + 1;
                match lang {
                    Lang::Vi => format!("Đường dẫn của tem thứ {number} quá dài cho mã QR"),
                    Lang::En => format!("The link of stamp {number} is too long for a QR code"),
                }
            }
            (Self::Symbol { stamp, source }, Lang::Vi) => {
                format!("Tem thứ {}: {}", stamp + 1, source.message(lang))
            }
            (Self::Symbol { stamp, source }, Lang::En) => {
                format!("Stamp {}: {}", stamp + 1, source.message(lang))
            }
            (Self::Font | Self::Pdf(_), Lang::Vi) => {
                "Không tạo được tệp in: hãy báo cho người quản trị hệ thống".to_owned()
            }
            (Self::Font | Self::Pdf(_), Lang::En) => {
                "The sheet could not be made: tell the administrator of the system".to_owned()
            }
        }
    }
}

/// Three decimals with the Vietnamese decimal comma.
fn decimal_comma(value: f64) -> String {
    format!("{value:.3}").replace('.', ",")
}
