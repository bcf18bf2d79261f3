//! What is wrong with a document, where, and in words a person can act on. A rule's name never changes once published:
//! programs match on it; its sentences may be improved at any time.

use std::fmt;

use gs1::Lang;

/// One thing wrong with an input.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule that is broken; stable, e.g. `event.action.missing`.
    pub rule: &'static str,
    /// JSON pointer (RFC 6901) to the place, e.g. `/epcisBody/eventList/3/action`; empty for the whole input. Where a
    /// field is missing, the pointer names the field and the position is that of the object which lacks it.
    pub path: String,
    /// Line of that place in the input, from 1; 0 where there is no text, as for a query parameter.
    pub line: u32,
    /// Column in characters, from 1; 0 where there is no text.
    pub column: u32,
    words: &'static Rule,
    what: Box<str>,
    reason: Option<Box<Reason>>,
}

/// Why a value breaks its rule, where that differs from case to case: sentences without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) vi: String,
    pub(crate) en: String,
}

impl Fault {
    pub(crate) fn new(
        rule: &'static Rule,
        path: String,
        (line, column): (u32, u32),
        what: &str,
    ) -> Self {
        let what = shorten(what).into();
        Self { rule: rule.name, path, line, column, words: rule, what, reason: None }
    }

    pub(crate) fn because(mut self, reason: Option<Reason>) -> Self {
        self.reason = reason.map(Box::new);
        self
    }

    /// The sentence for a person, with the offending value in it.
    pub fn message(&self, lang: Lang) -> String {
        let (words, reason) = match lang {
            Lang::Vi => (self.words.vi, self.reason.as_ref().map(|reason| &reason.vi)),
            Lang::En => (self.words.en, self.reason.as_ref().map(|reason| &reason.en)),
        };
        let mut message = words.replace("{}", &self.what);
        if let Some(reason) = reason {
            message.push(' ');
            message.push_str(&shorten(reason));
            message.push('.');
        }
        message
    }

    /// The value that offends, or what was expected; shortened to 80 characters.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, path, line, column, .. } = self;
        write!(f, "{rule} at {path} ({line}:{column}): {}", self.message(Lang::En))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for Fault {}

/// A rule and its two sentences; `{}` stands for the offending value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    vi: &'static str,
    en: &'static str,
}

/// Keeps a message readable, and keeps control characters out of logs and pages.
fn shorten(what: &str) -> String {
    let mut short: String =
        what.chars().take(80).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if what.chars().nth(80).is_some() {
        short.push('…');
    }
    short
}

/// Line and column of a byte offset, both from 1, the column in characters.
pub(crate) fn position(bytes: &[u8], offset: usize) -> (u32, u32) {
    let mut place = Place::START;
    place.pass(&bytes[..offset.min(bytes.len())]);
    (place.line, place.column)
}

/// A place in an input that is not at hand as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Place {
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// Moves over bytes that stand from here on.
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        #[expect(clippy::naive_bytecount, reason = "the compiler makes wide instructions of it")]
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        let from = if lines == 0 {
            0
        } else {
            self.line = self.line.saturating_add(lines as u32);
            self.column = 1;
            bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
        };
        // Continuation bytes begin with 10.
        let characters = bytes[from..].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        self.column = self.column.saturating_add(characters as u32);
    }
}

macro_rules! rules {
    ($($constant:ident $name:literal $vi:literal $en:literal)*) => {
        $(pub(crate) static $constant: Rule = Rule { name: $name, vi: $vi, en: $en };)*

        /// The names of all rules, for documentation and for tests.
        pub const RULES: &[&str] = &[$($name),*];

        #[cfg(test)]
        static ALL: &[&Rule] = &[$(&$constant),*];
    };
}

rules! {
    RULE_BYTES "limit.bytes"
        "Tài liệu lớn hơn {} byte." "The document is larger than {} bytes."
    RULE_DEPTH "limit.depth"
        "Tài liệu lồng nhau quá {} tầng." "The document is nested more than {} levels deep."
    RULE_LIST "limit.list"
        "Danh sách có hơn {} phần tử." "A list or object has more than {} parts."
    RULE_STRING "limit.string"
        "Chuỗi dài hơn {} byte." "A string is longer than {} bytes."
    RULE_CONTEXT_ENTRIES "limit.context"
        "@context khai báo hơn {} tên." "The @context declares more than {} names."
    RULE_CONTEXT_BYTES "limit.context-bytes"
        "@context khai báo hơn {} byte." "The @context declares more than {} bytes."
    RULE_EVENTS "limit.events"
        "Tài liệu có hơn {} sự kiện." "The document has more than {} events."
    RULE_EVENT_BYTES "limit.event-bytes"
        "Sự kiện, hoặc phần ngoài các sự kiện, lớn hơn {} byte." "An event, or what stands around the events, is larger than {} bytes."
    RULE_STREAM_ORDER "stream.order"
        "Khi đọc theo dòng, type và @context phải đứng trước danh sách sự kiện."
        "Where a document is read as it comes, its type and @context must stand before the events."
    RULE_UTF8 "json.utf8"
        "Tài liệu không phải là UTF-8." "The document is not UTF-8."
    RULE_SYNTAX "json.syntax"
        "Lỗi cú pháp JSON tại đây {}" "This is not JSON here {}"
    RULE_DUPLICATE "json.duplicate-key"
        "Trường “{}” xuất hiện hai lần trong cùng một đối tượng." "The name “{}” occurs twice in one object."
    RULE_TYPE "json.type"
        "Giá trị này phải là {}." "This value must be {}."
    RULE_DOCUMENT_TYPE "document.type"
        "“{}” không phải là tài liệu hay sự kiện EPCIS." "“{}” is neither an EPCIS document nor an EPCIS event."
    RULE_MISSING "field.missing"
        "Thiếu trường bắt buộc “{}”." "The required field “{}” is missing."
    RULE_FIELD "field.unknown"
        "Trường “{}” không có ở đây trong EPCIS 2.0; trường mở rộng phải có tiền tố đã khai báo trong @context."
        "EPCIS 2.0 has no field “{}” here; an extension needs a prefix that @context declares."
    RULE_PREFIX "field.prefix"
        "Tiền tố của “{}” chưa được khai báo trong @context." "The prefix of “{}” is not declared in @context."
    RULE_CONTEXT "context"
        "@context phải là một URI, một đối tượng hoặc danh sách các thứ đó."
        "@context must be a URI, an object or a list of those."
    RULE_VERSION "document.schema-version"
        "schemaVersion phải là chuỗi như “2.0”, không phải “{}”." "schemaVersion must be a text such as “2.0”, not “{}”."
    RULE_EVENT_TYPE "event.type"
        "Không có loại sự kiện “{}”." "There is no event type “{}”."
    RULE_ACTION "event.action"
        "action phải là ADD, OBSERVE hoặc DELETE, không phải “{}”." "action must be ADD, OBSERVE or DELETE, not “{}”."
    RULE_ACTION_FORBIDDEN "event.action.forbidden"
        "TransformationEvent không có action." "A TransformationEvent has no action."
    RULE_TIME "time.format"
        "“{}” không phải là thời điểm kiểu 2026-03-01T08:00:00+07:00 (có múi giờ)."
        "“{}” is not a time such as 2026-03-01T08:00:00+07:00 (with its zone)."
    RULE_OFFSET "time.offset"
        "“{}” không phải là độ lệch múi giờ kiểu +07:00." "“{}” is not a zone offset such as +07:00."
    RULE_URI "uri"
        "“{}” không phải là URI." "“{}” is not a URI."
    RULE_ID_URN "identifier.epc-urn"
        "“{}” không phải là EPC URN đúng theo Tag Data Standard." "“{}” is no EPC URN of the Tag Data Standard."
    RULE_ID_PURE "identifier.pure-identity"
        "“{}” là URI của thẻ hoặc mẫu lọc; sự kiện cần URI định danh thuần (urn:epc:id:…)."
        "“{}” is a URI of a tag or a filter; events take pure identities (urn:epc:id:…)."
    RULE_ID_LINK "identifier.gs1-link"
        "“{}” nằm trên id.gs1.org nhưng không phải là GS1 Digital Link hợp lệ."
        "“{}” is on id.gs1.org and no valid GS1 Digital Link."
    RULE_ID_INSTANCE "identifier.instance"
        "“{}” chỉ một loại hoặc một lô; ở đây cần định danh từng vật (urn:epc:id:…)."
        "“{}” names a class or lot; here one thing must be named (urn:epc:id:…)."
    RULE_ID_CLASS "identifier.class"
        "“{}” chỉ một vật; epcClass cần định danh loại hoặc lô (urn:epc:class:… hoặc urn:epc:idpat:….*)."
        "“{}” names one thing; epcClass takes a class or lot (urn:epc:class:… or urn:epc:idpat:….*)."
    RULE_ID_HOST "identifier.check-digit"
        "“{}” có dạng GS1 Digital Link nhưng mã số kiểm tra sai; sẽ được coi là URI riêng."
        "“{}” looks like a GS1 Digital Link, but its check digit is wrong; it is taken as a private URI."
    RULE_ID_LEVEL "identifier.level"
        "“{}” không cùng cấp với trường này: danh sách vật cần từng vật, epcClass cần loại hoặc lô (CBV 2.0 §8.2, §8.3)."
        "“{}” is not of the level of this field: lists of things take single things, epcClass classes or lots (CBV 2.0 §8.2, §8.3)."
    RULE_ID_PLACE "identifier.place"
        "“{}” không phải là mã địa điểm (SGLN); đây là nơi chốn (CBV 2.0 §8.4)."
        "“{}” is no location (SGLN), and the field is for places (CBV 2.0 §8.4)."
    RULE_ID_PARTY "identifier.party"
        "“{}” không phải là mã của bên tham gia (PGLN) hay địa điểm (SGLN) (CBV 2.0 §8.6)."
        "“{}” is neither a party (PGLN) nor a location (SGLN) (CBV 2.0 §8.6)."
    RULE_ID_PREFIX "identifier.company-prefix"
        "Tiền tố mã doanh nghiệp trong “{}” không dài như GS1 cấp cho dải số này."
        "The company prefix in “{}” is not as long as GS1 gives them out in this range."
    RULE_STEP "vocabulary.biz-step"
        "CBV không có bước nghiệp vụ “{}”; bước riêng phải viết dạng URI."
        "CBV has no business step “{}”; a private one is written as a URI."
    RULE_DISPOSITION "vocabulary.disposition"
        "CBV không có trạng thái “{}”; trạng thái riêng phải viết dạng URI."
        "CBV has no disposition “{}”; a private one is written as a URI."
    RULE_TRANSACTION "vocabulary.biz-transaction"
        "CBV không có loại giao dịch “{}”; loại riêng phải viết dạng URI."
        "CBV has no business transaction type “{}”; a private one is written as a URI."
    RULE_PARTY "vocabulary.source-destination"
        "CBV không có loại nguồn hoặc đích “{}”; loại riêng phải viết dạng URI."
        "CBV has no source or destination type “{}”; a private one is written as a URI."
    RULE_REASON "vocabulary.error-reason"
        "CBV không có lý do đính chính “{}”; lý do riêng phải viết dạng URI."
        "CBV has no error reason “{}”; a private one is written as a URI."
    RULE_MEASUREMENT "vocabulary.measurement"
        "GS1 không có đại lượng đo “{}”; đại lượng riêng phải viết dạng URI."
        "GS1 has no measurement type “{}”; a private one is written as a URI."
    RULE_ALERT "vocabulary.sensor-alert"
        "GS1 không có loại cảnh báo cảm biến “{}”; loại riêng phải viết dạng URI."
        "GS1 has no sensor alert type “{}”; a private one is written as a URI."
    RULE_COMPONENT "vocabulary.component"
        "CBV không có thành phần đo “{}”; thành phần riêng phải viết dạng URI."
        "CBV has no component “{}”; a private one is written as a URI."
    RULE_QUANTITY "quantity.value"
        "Số lượng “{}” không hợp lệ: cần một số không âm, tối đa 28 chữ số."
        "The quantity “{}” is not valid: a number is needed, not negative, of at most 28 digits."
    RULE_UOM "quantity.uom"
        "“{}” không phải là mã đơn vị UN/CEFACT (2–3 chữ hoa hoặc số, như KGM)."
        "“{}” is no UN/CEFACT unit code (2–3 capitals or digits, such as KGM)."
    RULE_HEX "sensor.hex"
        "“{}” không phải là dãy hệ mười sáu." "“{}” is not hexadecimal."
    RULE_UNIQUE "list.unique"
        "“{}” xuất hiện hai lần trong danh sách." "“{}” occurs twice in the list."
    RULE_EMPTY "list.empty"
        "Danh sách “{}” không được để trống." "The list “{}” must not be empty."
    RULE_OBJECTS "event.what.missing"
        "Sự kiện không nói về vật gì: cần {}." "The event is about nothing: it needs {}."
    RULE_PARENT "event.parent.missing"
        "Sự kiện này phải có parentID." "This event needs a parentID."
    RULE_INPUT "event.transformation.input"
        "Biến đổi phải có đầu vào, hoặc có transformationID." "A transformation needs inputs, or a transformationID."
    RULE_OUTPUT "event.transformation.output"
        "Biến đổi phải có đầu ra, hoặc có transformationID." "A transformation needs outputs, or a transformationID."
    RULE_ILMD "event.ilmd"
        "ilmd chỉ dùng khi ObjectEvent có action ADD." "ilmd belongs only to an ObjectEvent whose action is ADD."
    RULE_XML_ENCODING "xml.encoding"
        "Tài liệu XML phải là UTF-8 {}" "The XML document must be UTF-8 {}"
    RULE_XML_SYNTAX "xml.syntax"
        "XML không đúng cú pháp tại đây {}" "This is not well-formed XML here {}"
    RULE_XML_DTD "xml.dtd"
        "Không nhận DOCTYPE có khai báo hay tham chiếu ra ngoài." "A DOCTYPE that declares or refers to anything is refused."
    RULE_XML_ENTITY "xml.entity"
        "Thực thể “{}” không phải của XML; không nhận thực thể tự khai báo."
        "The entity “{}” is not one of XML's own; declared entities are refused."
    RULE_XML_PREFIX "xml.prefix"
        "Tiền tố của “{}” chưa được khai báo bằng xmlns." "The prefix of “{}” is not declared by xmlns."
    RULE_XML_TWICE "xml.duplicate-attribute"
        "Thuộc tính “{}” xuất hiện hai lần." "The attribute “{}” occurs twice."
    RULE_XML_NAMESPACE "xml.namespace"
        "Phần tử “{}” không nằm trong không gian tên mà lược đồ XSD của EPCIS đòi hỏi."
        "The element “{}” is not in the namespace that the XSD of EPCIS has it in."
    RULE_XML_ELEMENT "xml.element"
        "EPCIS không có phần tử “{}” ở đây; phần tử mở rộng phải có không gian tên riêng."
        "EPCIS has no element “{}” here; an extension needs a namespace of its own."
    RULE_XML_ORDER "xml.order"
        "Phần tử “{}” không đứng đúng chỗ theo thứ tự của lược đồ XSD."
        "The element “{}” does not stand where the sequence of the XSD has it."
    RULE_XML_REPEATED "xml.repeated"
        "Phần tử “{}” chỉ được xuất hiện một lần." "The element “{}” may occur only once."
    RULE_XML_ATTRIBUTE "xml.attribute"
        "EPCIS không có thuộc tính “{}” ở đây." "EPCIS has no attribute “{}” here."
    RULE_XML_TEXT "xml.text"
        "Ở đây không được có chữ: “{}”." "There must be no text here: “{}”."
    RULE_XML_UNSAYABLE "xml.unsayable"
        "Không thể viết “{}” trong XML mà không mất thông tin." "“{}” cannot be written in XML without loss."
    RULE_MASTER_DATA "limit.master-data"
        "Tài liệu có hơn {} phần tử dữ liệu gốc." "The document has more than {} elements of master data."
    RULE_MASTER_TYPE "master-data.type"
        "“{}” không gọi tên một loại từ vựng của EPCIS." "“{}” names no type of vocabulary of EPCIS."
    RULE_MASTER_ID "master-data.name"
        "Tên trong dữ liệu gốc dài hơn {} byte." "A name of master data is longer than {} bytes."
    RULE_PARAMETER "query.parameter"
        "Không có tham số truy vấn “{}”." "There is no query parameter “{}”."
    RULE_FIELD_NAME "query.field"
        "Không rõ trường “{}”: viết không-gian-tên#tên, hoặc khai báo tiền tố trong GS1-Extensions hay @context."
        "The field “{}” cannot be made out: write namespace#name, or declare the prefix in GS1-Extensions or @context."
    RULE_EXTENSIONS "query.extensions"
        "GS1-Extensions phải có dạng tiền-tố=URI,…, không phải “{}”." "GS1-Extensions must read prefix=URI,…, not “{}”."
    RULE_EXTENSIONS_LIMIT "query.extensions.limit"
        "GS1-Extensions dài hơn {} byte." "GS1-Extensions is longer than {} bytes."
    RULE_QUERY_LIMIT "query.too-large"
        "Truy vấn có hơn {} tham số hoặc giá trị." "The query has more than {} parameters or values."
    RULE_PATTERN "query.pattern"
        "“{}” không phải là URI, cũng không phải là mẫu EPC (dấu * chỉ đứng ở các phần cuối)."
        "“{}” is neither a URI nor an EPC pattern (only its last parts may be *)."
    RULE_COMPARABLE "query.comparable"
        "“{}” không phải là số, cũng không phải là thời điểm có múi giờ." "“{}” is neither a number nor a time with its zone."
    RULE_AMBIGUOUS "query.attribute"
        "Không rõ “{}” chia thành trường và thuộc tính ở dấu _ nào." "It is not clear at which _ “{}” parts into field and attribute."
    RULE_REPEATED "query.repeated"
        "Tham số “{}” chỉ được có một giá trị." "The parameter “{}” takes one value only."
    RULE_VALUE "query.value"
        "Giá trị “{}” không hợp lệ cho tham số này." "The value “{}” is not valid for this parameter."
    RULE_PAGE "query.per-page"
        "perPage phải là số từ 1 đến 1000, không phải “{}”." "perPage must be a number from 1 to 1000, not “{}”."
    RULE_LIMIT_ORDER "query.limit-order"
        "eventCountLimit chỉ dùng khi có orderBy." "eventCountLimit may only be used with orderBy."
    RULE_BOTH_LIMITS "query.limits"
        "eventCountLimit và maxEventCount không dùng cùng nhau." "eventCountLimit and maxEventCount exclude each other."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_name_and_both_sentences_say_the_same_value() {
        let mut names: Vec<_> = RULES.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
        for rule in ALL {
            assert_eq!(rule.vi.contains("{}"), rule.en.contains("{}"), "{}", rule.name);
            assert!(!rule.vi.contains('!') && !rule.en.contains('!'), "{}", rule.name);
        }
    }

    #[test]
    fn a_column_counts_characters_not_bytes() {
        let text = "{\n  \"Điện Biên\": x";
        let offset = text.find('x').unwrap();
        assert_eq!(position(text.as_bytes(), offset), (2, 16));
    }

    #[test]
    fn a_message_never_carries_control_characters_or_a_whole_book() {
        let fault =
            Fault::new(&RULE_URI, String::new(), (1, 1), &format!("\u{1b}{}", "x".repeat(500)));
        assert!(fault.what().chars().count() == 81 && !fault.what().contains('\u{1b}'));
    }
}
