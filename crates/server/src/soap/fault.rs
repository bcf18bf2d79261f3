//! Faults: the exceptions of EPCIS (1.2 and 2.0 §8.2.6, §11.1) as details of SOAP faults, in both versions of SOAP.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use epcis::Version;

use super::envelope::{Soap, answer, escape, namespace};
use crate::shared::{Fail, L};

/// The exceptions of the query interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exception {
    DuplicateSubscription,
    Implementation,
    InvalidUri,
    NoSuchName,
    NoSuchSubscription,
    QueryParameter,
    QueryTooComplex,
    QueryTooLarge,
    Security,
    SubscribeNotPermitted,
    SubscriptionControls,
    Validation,
}

impl Exception {
    pub(super) const ALL: [Exception; 12] = [
        Exception::DuplicateSubscription,
        Exception::Implementation,
        Exception::InvalidUri,
        Exception::NoSuchName,
        Exception::NoSuchSubscription,
        Exception::QueryParameter,
        Exception::QueryTooComplex,
        Exception::QueryTooLarge,
        Exception::Security,
        Exception::SubscribeNotPermitted,
        Exception::SubscriptionControls,
        Exception::Validation,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Exception::DuplicateSubscription => "DuplicateSubscriptionException",
            Exception::Implementation => "ImplementationException",
            Exception::InvalidUri => "InvalidURIException",
            Exception::NoSuchName => "NoSuchNameException",
            Exception::NoSuchSubscription => "NoSuchSubscriptionException",
            Exception::QueryParameter => "QueryParameterException",
            Exception::QueryTooComplex => "QueryTooComplexException",
            Exception::QueryTooLarge => "QueryTooLargeException",
            Exception::Security => "SecurityException",
            Exception::SubscribeNotPermitted => "SubscribeNotPermittedException",
            Exception::SubscriptionControls => "SubscriptionControlsException",
            Exception::Validation => "ValidationException",
        }
    }
}

/// Whose fault it is, as SOAP has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    Sender,
    Receiver,
    MustUnderstand,
    VersionMismatch,
}

impl Code {
    fn name(self, soap: Soap) -> &'static str {
        match (self, soap) {
            (Code::Sender, Soap::V1_1) => "Client",
            (Code::Sender, Soap::V1_2) => "Sender",
            (Code::Receiver, Soap::V1_1) => "Server",
            (Code::Receiver, Soap::V1_2) => "Receiver",
            (Code::MustUnderstand, _) => "MustUnderstand",
            (Code::VersionMismatch, _) => "VersionMismatch",
        }
    }
}

/// Why a call was not answered.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) exception: Exception,
    code: Code,
    vi: String,
    en: String,
    /// For exceptions that name it.
    query_name: Option<String>,
    /// The request never came to an operation: authorisation, load.
    status: Option<StatusCode>,
}

impl Fault {
    pub(super) fn new(exception: Exception, vi: impl Into<String>, en: impl Into<String>) -> Fault {
        let code = match exception {
            Exception::Implementation => Code::Receiver,
            _ => Code::Sender,
        };
        let (vi, en) = (vi.into(), en.into());
        Fault { exception, code, vi, en, query_name: None, status: None }
    }

    /// What a reader found wrong, each with its place.
    pub(super) fn of_faults(exception: Exception, faults: &[epcis::Fault]) -> Fault {
        let told = |lang| {
            let one = |fault: &epcis::Fault| {
                let place = match (fault.path.is_empty(), fault.line) {
                    (false, _) => format!("{}: ", fault.path.trim_start_matches('/')),
                    (true, 0) => String::new(),
                    (true, line) => format!("{line}:{}: ", fault.column),
                };
                format!("{place}{} ({})", fault.message(lang), fault.rule)
            };
            faults.iter().map(one).collect::<Vec<_>>().join("\n")
        };
        Fault::new(exception, told(gs1::Lang::Vi), told(gs1::Lang::En))
    }

    /// The same, saying first in which events it is.
    pub(super) fn naming(self, events: &[&str]) -> Fault {
        let ids = events.join(", ");
        let vi = format!("Không viết được bằng XML sự kiện {ids}:\n{}", self.vi);
        let en = format!("XML cannot say the event {ids}:\n{}", self.en);
        Fault { vi, en, ..self }
    }

    pub(super) fn coded(self, code: Code) -> Fault {
        Fault { code, ..self }
    }

    pub(super) fn about(self, query_name: &str) -> Fault {
        Fault { query_name: Some(query_name.to_owned()), ..self }
    }

    /// The answer that tells it.
    pub(super) fn answer(&self, soap: Soap, version: Version, l: L) -> Response {
        let name = self.exception.name();
        let mut parts = format!("<reason>{}</reason>", escape(l.t(&self.vi, &self.en)));
        if self.exception == Exception::Implementation {
            parts.push_str("<severity>ERROR</severity>");
        }
        if matches!(self.exception, Exception::Implementation | Exception::QueryTooLarge)
            && let Some(query_name) = &self.query_name
        {
            for piece in ["<queryName>", &*escape(query_name), "</queryName>"] {
                parts.push_str(piece);
            }
        }
        let detail = format!(
            "<epcisq:{name} xmlns:epcisq=\"{}\">{parts}</epcisq:{name}>",
            namespace(version)
        );
        let code = self.code.name(soap);
        let (vi, en) = (escape(&self.vi), escape(&self.en));
        let body = match soap {
            Soap::V1_1 => format!(
                "<soap:Fault><faultcode>soap:{code}</faultcode><faultstring xml:lang=\"{}\">{}</faultstring><detail>{detail}</detail></soap:Fault>",
                l.code(),
                l.t(&vi, &en)
            ),
            Soap::V1_2 => format!(
                "<soap:Fault><soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang=\"en\">{en}</soap:Text><soap:Text xml:lang=\"vi\">{vi}</soap:Text></soap:Reason><soap:Detail>{detail}</soap:Detail></soap:Fault>"
            ),
        };
        answer(soap, self.status.unwrap_or_else(|| self.http_status(soap)), &body)
    }

    /// SOAP 1.1 §6.2 has 500 for all; SOAP 1.2 part 2 §7.5.2.2 has 400 for what the sender did.
    fn http_status(&self, soap: Soap) -> StatusCode {
        match (soap, self.code) {
            (Soap::V1_2, Code::Sender) => StatusCode::BAD_REQUEST,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Fail> for Fault {
    fn from(fail: Fail) -> Fault {
        let exception = match fail.status() {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Exception::Security,
            StatusCode::PAYLOAD_TOO_LARGE => Exception::QueryTooComplex,
            StatusCode::NOT_FOUND => Exception::Validation,
            status if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
                Exception::Validation
            }
            _ => Exception::Implementation,
        };
        if let Fail::Internal(cause) = &fail {
            tracing::error!(cause, "a SOAP call failed");
        }
        let told = |lang| fail.sentence(L(lang));
        Fault::new(exception, told(gs1::Lang::Vi), told(gs1::Lang::En))
    }
}

/// A failure on the way to an operation, for a caller that speaks SOAP: the status tells programs between, the fault the
/// caller itself. A client that sends its key by HTTP Basic waits to be asked for it.
pub(crate) fn of_fail(fail: &Fail, soap: Soap, l: L) -> Response {
    // What is too large on the way is the message, not what a query means.
    let exception =
        (fail.status() == StatusCode::PAYLOAD_TOO_LARGE).then_some(Exception::Validation);
    let fault = Fault::from(fail.clone());
    let fault = Fault {
        exception: exception.unwrap_or(fault.exception),
        status: Some(fail.status()),
        ..fault
    };
    let mut response = fault.answer(soap, Version::V1_2, l);
    if fail.status() == StatusCode::UNAUTHORIZED {
        let ask = HeaderValue::from_static("Basic realm=\"EPCIS\", charset=\"UTF-8\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
    }
    response
}
