//! Events made by a program: a diary card, an import, a simulator. Start from the constructor of the event type, set what
//! the card knows by plain assignment, add extensions under a prefix. What is built should still pass [`crate::check`].

use crate::context::Context;
use crate::json::Json;
use crate::model::{
    Action, BizTransaction, ErrorDeclaration, Event, EventKind, Extension, Party, Quantity, Written,
};
use crate::time::EventTime;
use rust_decimal::Decimal;

impl Event {
    fn empty(kind: EventKind, action: Option<Action>, event_time: EventTime) -> Self {
        Self {
            kind,
            action,
            event_time,
            record_time: None,
            event_id: None,
            epc_list: Vec::new(),
            quantity_list: Vec::new(),
            parent_id: None,
            child_epcs: Vec::new(),
            child_quantity_list: Vec::new(),
            input_epc_list: Vec::new(),
            input_quantity_list: Vec::new(),
            output_epc_list: Vec::new(),
            output_quantity_list: Vec::new(),
            transformation_id: None,
            biz_step: None,
            disposition: None,
            persistent_disposition: None,
            read_point: None,
            biz_location: None,
            biz_transaction_list: Vec::new(),
            source_list: Vec::new(),
            destination_list: Vec::new(),
            sensor_element_list: Vec::new(),
            ilmd: None,
            certification_info: Vec::new(),
            error_declaration: None,
            extensions: Vec::new(),
            context: Context::default(),
            written: Written::default(),
        }
    }

    /// Something happened to objects or lots: set `epc_list` or `quantity_list`.
    pub fn object(action: Action, event_time: EventTime) -> Self {
        Self::empty(EventKind::Object, Some(action), event_time)
    }

    /// Objects were put into, seen in or taken out of `parent_id`: set `child_epcs` or `child_quantity_list`.
    pub fn aggregation(action: Action, event_time: EventTime, parent_id: &str) -> Self {
        let mut event = Self::empty(EventKind::Aggregation, Some(action), event_time);
        event.parent_id = Some(parent_id.to_owned());
        event
    }

    /// Objects were tied to a business transaction: set `epc_list` or `quantity_list`.
    pub fn transaction(action: Action, event_time: EventTime, transaction: BizTransaction) -> Self {
        let mut event = Self::empty(EventKind::Transaction, Some(action), event_time);
        event.biz_transaction_list.push(transaction);
        event
    }

    /// Inputs became outputs: set the input and the output lists.
    pub fn transformation(event_time: EventTime) -> Self {
        Self::empty(EventKind::Transformation, None, event_time)
    }

    /// Objects were fixed to `parent_id` (a place or a thing): set `child_epcs` or `child_quantity_list`.
    pub fn association(action: Action, event_time: EventTime, parent_id: &str) -> Self {
        let mut event = Self::empty(EventKind::Association, Some(action), event_time);
        event.parent_id = Some(parent_id.to_owned());
        event
    }

    /// The same event again, declared to be in error (EPCIS 2.0 §7.4.1.2: all other fields stay as they were; the event
    /// that declares keeps the id of the one in error).
    #[must_use]
    pub fn declare_error(&self, declaration: ErrorDeclaration) -> Self {
        let mut event = self.clone();
        event.error_declaration = Some(declaration);
        event.record_time = None;
        event
    }

    /// Declares what a prefix of extension fields stands for.
    pub fn declare_prefix(&mut self, prefix: &str, uri: &str) {
        self.context.declare(prefix, uri);
        self.written.own_context = None;
    }

    /// Sets an extension field (`nguon:dose`); declare its prefix with [`Event::declare_prefix`].
    pub fn set_extension(&mut self, name: &str, value: impl Into<Json>) {
        let value = value.into();
        match self.extensions.iter_mut().find(|extension| extension.name == name) {
            Some(extension) => extension.value = value,
            None => self.extensions.push(Extension { name: name.to_owned(), value }),
        }
    }

    /// Gives the event its hash id if it came without an id, and returns the id.
    pub fn ensure_id(&mut self) -> &str {
        if self.event_id.is_none() {
            self.event_id = Some(crate::hash::hash_id(self));
        }
        self.event_id.as_deref().unwrap_or_default()
    }
}

impl Quantity {
    /// A class of goods without an amount.
    pub fn unknown(epc_class: &str) -> Self {
        Self { epc_class: epc_class.to_owned(), quantity: None, uom: None }
    }

    /// So many pieces.
    pub fn pieces(epc_class: &str, quantity: impl Into<Decimal>) -> Self {
        Self { epc_class: epc_class.to_owned(), quantity: Some(quantity.into()), uom: None }
    }

    /// So much of a unit (UN/CEFACT Recommendation 20).
    pub fn measured(epc_class: &str, quantity: impl Into<Decimal>, uom: &str) -> Self {
        Self { uom: Some(uom.to_owned()), ..Self::pieces(epc_class, quantity) }
    }
}

impl BizTransaction {
    /// `kind` is a CBV word (`po`, `inv`, `desadv` …) or a private URI.
    pub fn new(kind: &str, id: &str) -> Self {
        Self { kind: Some(kind.to_owned()), id: id.to_owned() }
    }
}

impl Party {
    /// `kind` is `owning_party`, `possessing_party`, `location` or a private URI.
    pub fn new(kind: &str, id: &str) -> Self {
        Self { kind: kind.to_owned(), id: id.to_owned() }
    }
}
