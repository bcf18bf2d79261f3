//! Messages: what is taken out of an envelope, and what is put into one. SOAP 1.1 and 1.2 say the same in two namespaces.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::{Element, Limits, Version};

use super::fault::{Code, Exception, Fault};
use super::operations::Operation;

/// The version of SOAP that a message is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Soap {
    V1_1,
    V1_2,
}

impl Soap {
    const ALL: [Soap; 2] = [Soap::V1_1, Soap::V1_2];

    /// What the type of the content says; the envelope itself decides.
    pub(crate) fn of_request(headers: &HeaderMap) -> Soap {
        if media_type(headers) == "application/soap+xml" { Soap::V1_2 } else { Soap::V1_1 }
    }

    pub(super) fn namespace(self) -> &'static str {
        match self {
            Soap::V1_1 => "http://schemas.xmlsoap.org/soap/envelope/",
            Soap::V1_2 => "http://www.w3.org/2003/05/soap-envelope",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Soap::V1_1 => "text/xml; charset=utf-8",
            Soap::V1_2 => "application/soap+xml; charset=utf-8",
        }
    }
}

/// Whether a message says that it is XML.
pub(super) fn is_xml(headers: &HeaderMap) -> bool {
    ["text/xml", "application/soap+xml", "application/xml"].contains(&media_type(headers).as_str())
}

fn media_type(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// What a message asks for.
pub(super) struct Call {
    pub(super) soap: Soap,
    /// Of EPCIS, by the namespace of the operation.
    pub(super) version: Version,
    pub(super) operation: Operation,
    /// The element of the operation, with its parameters.
    pub(super) element: Element,
}

/// The namespace of the query interface in a version of EPCIS.
pub(super) fn namespace(version: Version) -> &'static str {
    match version {
        Version::V1_2 => "urn:epcglobal:epcis-query:xsd:1",
        Version::V2_0 => "urn:epcglobal:epcis-query:xsd:2",
    }
}

/// Takes the call out of an envelope; a fault comes with the version of SOAP to tell it in.
pub(super) fn read(bytes: &[u8], asked: Soap) -> Result<Call, (Soap, Fault)> {
    let limits = Limits { depth: 32, list_items: 20_000, ..Limits::default() };
    let envelope = epcis::read_element(bytes, &limits)
        .map_err(|faults| (asked, Fault::of_faults(Exception::Validation, &faults)))?;
    let soap = Soap::ALL.into_iter().find(|soap| envelope.is(soap.namespace(), "Envelope"));
    let Some(soap) = soap else {
        let fault = Fault::new(
            Exception::Validation,
            "Phần tử gốc phải là Envelope của SOAP 1.1 hoặc 1.2.",
            "The root element must be the Envelope of SOAP 1.1 or 1.2.",
        );
        return Err((asked, fault.coded(Code::VersionMismatch)));
    };
    taken_out(soap, envelope).map_err(|fault| (soap, fault))
}

fn taken_out(soap: Soap, envelope: Element) -> Result<Call, Fault> {
    let mut body = None;
    for part in envelope.children {
        if part.is(soap.namespace(), "Header") {
            understood(soap, &part)?;
        } else if part.is(soap.namespace(), "Body") {
            body = Some(part);
        }
    }
    let children = body.map(|body| body.children).unwrap_or_default();
    let Ok([element]) = <[Element; 1]>::try_from(children) else {
        return Err(Fault::new(
            Exception::Validation,
            "Body của thông điệp SOAP phải chứa đúng một phần tử: thao tác cần gọi.",
            "The Body of the SOAP message must hold exactly one element: the operation that is called.",
        ));
    };
    let version =
        [Version::V1_2, Version::V2_0].into_iter().find(|v| element.namespace == namespace(*v));
    match (version, Operation::of(&element.name)) {
        (Some(version), Some(operation)) => Ok(Call { soap, version, operation, element }),
        _ => Err(Fault::new(
            Exception::Validation,
            format!(
                "Giao diện truy vấn EPCIS không có thao tác “{{{}}}{}”.",
                element.namespace, element.name
            ),
            format!(
                "The query interface of EPCIS has no operation “{{{}}}{}”.",
                element.namespace, element.name
            ),
        )),
    }
}

/// A header that must be understood is not: we know none (SOAP 1.1 §4.2.3, SOAP 1.2 §5.2.3).
fn understood(soap: Soap, header: &Element) -> Result<(), Fault> {
    let demanding = header.children.iter().find(|block| {
        let must = block.attribute(soap.namespace(), "mustUnderstand");
        matches!(must.map(str::trim), Some("1" | "true"))
    });
    match demanding {
        None => Ok(()),
        Some(block) => Err(Fault::new(
            Exception::Validation,
            format!("Không hiểu phần đầu bắt buộc “{}”.", block.name),
            format!("The header “{}” must be understood, and is not.", block.name),
        )
        .coded(Code::MustUnderstand)),
    }
}

/// An envelope around the content of its body.
pub(super) fn answer(soap: Soap, status: StatusCode, body: &str) -> Response {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"{}\"><soap:Body>{body}</soap:Body></soap:Envelope>\n",
        soap.namespace()
    );
    (status, [(header::CONTENT_TYPE, soap.content_type())], text).into_response()
}

/// Character data or the value of an attribute. What XML 1.0 has no character for becomes U+FFFD.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\0'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
