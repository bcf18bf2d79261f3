//! The description of the interface (WSDL 1.1): the operations, messages, faults and types of the standard's
//! `EPCglobal-epcis-query-1_2.wsdl` and its namespaces, made from the table of operations, with our address, and with a
//! second binding for SOAP 1.2.

use std::fmt::Write as _;

use epcis::Version;

use super::envelope::escape;
use super::fault::Exception;
use super::operations::Operation;

/// The types of the query interface, `{v}` for the number of its namespaces.
const QUERY: &str = include_str!("query.xsd");
/// Events and vocabularies as EPCIS 1.2 has them.
const EVENTS_1: &str = include_str!("events-1.xsd");
/// Vocabularies, and events of EPCIS 2.0 as whatever they are.
const EVENTS_2: &str = include_str!("events-2.xsd");

impl Operation {
    /// Its name in the port type.
    fn name(self) -> &'static str {
        match self {
            Operation::GetQueryNames => "getQueryNames",
            Operation::Subscribe => "subscribe",
            Operation::Unsubscribe => "unsubscribe",
            Operation::GetSubscriptionIds => "getSubscriptionIDs",
            Operation::Poll => "poll",
            Operation::GetStandardVersion => "getStandardVersion",
            Operation::GetVendorVersion => "getVendorVersion",
        }
    }

    /// What it may answer instead (§11.2), beside what all may.
    fn exceptions(self) -> Vec<Exception> {
        let mut own = match self {
            Operation::Subscribe => vec![
                Exception::NoSuchName,
                Exception::InvalidUri,
                Exception::DuplicateSubscription,
                Exception::QueryParameter,
                Exception::QueryTooComplex,
                Exception::SubscriptionControls,
                Exception::SubscribeNotPermitted,
            ],
            Operation::Unsubscribe => vec![Exception::NoSuchSubscription],
            Operation::GetSubscriptionIds => vec![Exception::NoSuchName],
            Operation::Poll => vec![
                Exception::QueryParameter,
                Exception::QueryTooLarge,
                Exception::QueryTooComplex,
                Exception::NoSuchName,
            ],
            Operation::GetQueryNames
            | Operation::GetStandardVersion
            | Operation::GetVendorVersion => Vec::new(),
        };
        own.extend([Exception::Security, Exception::Validation, Exception::Implementation]);
        own
    }
}

/// The whole description, for an interface at `address`.
pub(super) fn describe(version: Version, address: &str) -> String {
    let (number, events) = match version {
        Version::V1_2 => ("1", EVENTS_1),
        Version::V2_0 => ("2", EVENTS_2),
    };
    let address = escape(address);
    let parts = [
        format!("<wsdl:types>\n{QUERY}\n{events}\n</wsdl:types>\n"),
        messages(),
        port_type(),
        binding("EPCISServiceBinding", "soap"),
        binding("EPCISServiceSoap12Binding", "soap12"),
        format!(
            "<wsdl:service name=\"EPCglobalEPCISService\">\n\
             <wsdl:port name=\"EPCglobalEPCISServicePort\" binding=\"impl:EPCISServiceBinding\"><soap:address location=\"{address}\"/></wsdl:port>\n\
             <wsdl:port name=\"EPCglobalEPCISServiceSoap12Port\" binding=\"impl:EPCISServiceSoap12Binding\"><soap12:address location=\"{address}\"/></wsdl:port>\n\
             </wsdl:service>\n"
        ),
    ];
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <wsdl:definitions targetNamespace=\"urn:epcglobal:epcis:wsdl:{{v}}\" xmlns:impl=\"urn:epcglobal:epcis:wsdl:{{v}}\"\n\
         xmlns:epcis=\"urn:epcglobal:epcis:xsd:{{v}}\" xmlns:epcisq=\"urn:epcglobal:epcis-query:xsd:{{v}}\"\n\
         xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:soap12=\"http://schemas.xmlsoap.org/wsdl/soap12/\"\n\
         xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\n{}</wsdl:definitions>\n",
        parts.concat()
    )
    .replace("{v}", number)
}

fn message(name: &str, part: &str, element: &str) -> String {
    format!(
        "<wsdl:message name=\"{name}\"><wsdl:part name=\"{part}\" element=\"epcisq:{element}\"/></wsdl:message>\n"
    )
}

fn messages() -> String {
    let mut out = String::new();
    for operation in Operation::ALL {
        let name = operation.name();
        out += &message(&format!("{name}Request"), "parms", operation.element());
        out += &message(&format!("{name}Response"), &format!("{name}Return"), operation.result());
    }
    for exception in Exception::ALL {
        let name = exception.name();
        out += &message(&format!("{name}Response"), "fault", name);
    }
    out
}

fn port_type() -> String {
    let mut out = "<wsdl:portType name=\"EPCISServicePortType\">\n".to_owned();
    for operation in Operation::ALL {
        let name = operation.name();
        let _ = write!(
            out,
            "<wsdl:operation name=\"{name}\">\n<wsdl:input name=\"{name}Request\" message=\"impl:{name}Request\"/>\n\
             <wsdl:output name=\"{name}Response\" message=\"impl:{name}Response\"/>\n"
        );
        for exception in operation.exceptions() {
            let name = exception.name();
            let _ =
                writeln!(out, "<wsdl:fault name=\"{name}Fault\" message=\"impl:{name}Response\"/>");
        }
        out += "</wsdl:operation>\n";
    }
    out + "</wsdl:portType>\n"
}

/// A binding to SOAP over HTTP, document and literal, whose extension elements have this prefix.
fn binding(name: &str, soap: &str) -> String {
    let mut out = format!(
        "<wsdl:binding name=\"{name}\" type=\"impl:EPCISServicePortType\">\n\
         <{soap}:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n"
    );
    for operation in Operation::ALL {
        let name = operation.name();
        let _ = write!(
            out,
            "<wsdl:operation name=\"{name}\">\n<{soap}:operation soapAction=\"\"/>\n\
             <wsdl:input name=\"{name}Request\"><{soap}:body use=\"literal\"/></wsdl:input>\n\
             <wsdl:output name=\"{name}Response\"><{soap}:body use=\"literal\"/></wsdl:output>\n"
        );
        for exception in operation.exceptions() {
            let name = format!("{}Fault", exception.name());
            let _ = writeln!(
                out,
                "<wsdl:fault name=\"{name}\"><{soap}:fault name=\"{name}\" use=\"literal\"/></wsdl:fault>"
            );
        }
        out += "</wsdl:operation>\n";
    }
    out + "</wsdl:binding>\n"
}
