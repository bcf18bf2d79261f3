//! The words in which an operation is described beside its handler. What its address and its access say (path, key, what is
//! common to a family of addresses) is not repeated here; [`super::document`] adds it.

use serde_json::{Map, Value, json};

/// What an operation is, takes and answers (OpenAPI 3.1, Operation Object).
#[derive(Debug, Clone, Default)]
pub struct Operation {
    pub(crate) id: String,
    pub(super) summary: String,
    pub(super) description: String,
    /// How the address is shown where its pattern has a rest that OpenAPI cannot say.
    pub(super) shown: Option<&'static str>,
    /// What is to be said of parts of the path.
    pub(super) parts: Vec<(&'static str, Value)>,
    pub(super) parameters: Vec<Value>,
    pub(super) body: Option<Value>,
    pub(super) answers: Vec<Answer>,
    pub(super) problems: Vec<u16>,
    pub(super) callbacks: Option<Value>,
}

/// An answer that an operation says itself.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) description: &'static str,
    pub(super) content: Option<Value>,
    pub(super) headers: Map<String, Value>,
}

/// A reference to what is described once, under `kind` (`schemas`, `parameters`, `headers`, `responses`).
pub fn common(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// A schema that is described once.
pub fn schema(name: &str) -> Value {
    common("schemas", name)
}

/// Any text.
pub fn text() -> Value {
    json!({"type": "string"})
}

/// Text in a language of its own, such as XML.
pub fn text_that_is(what: &str) -> Value {
    json!({"type": "string", "description": what})
}

/// An instant of RFC 3339.
pub fn instant() -> Value {
    json!({"type": "string", "format": "date-time"})
}

/// A list of things of one kind.
pub fn list(of: &Value) -> Value {
    json!({"type": "array", "items": of})
}

/// A number of at least 1.
pub fn count() -> Value {
    json!({"type": "integer", "minimum": 1})
}

/// Schemas by media type.
pub fn content<const N: usize>(types: [(&str, Value); N]) -> Value {
    types.into_iter().map(|(kind, schema)| (kind.to_owned(), json!({"schema": schema}))).collect()
}

/// A parameter of the address (`query`) or of the head (`header`).
pub fn parameter(place: &str, name: &str, description: &str, schema: &Value) -> Value {
    let mut parameter = json!({"name": name, "in": place, "schema": schema});
    if !description.is_empty() {
        parameter["description"] = json!(description);
    }
    parameter
}

impl Operation {
    /// Under a name for programs that are generated from the document, and a line for people.
    pub fn new(id: impl Into<String>, summary: impl Into<String>) -> Operation {
        Operation { id: id.into(), summary: summary.into(), ..Operation::default() }
    }

    /// What a line does not hold.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Operation {
        self.description = description.into();
        self
    }

    /// How the address is shown.
    #[must_use]
    pub fn shown_as(mut self, path: &'static str) -> Operation {
        self.shown = Some(path);
        self
    }

    /// What a part of the path holds. Parts of which nothing is said hold text.
    #[must_use]
    pub fn part(mut self, name: &'static str, description: &str, schema: &Value) -> Operation {
        self.parts.push((name, parameter("path", name, description, schema)));
        self
    }

    /// A parameter of this operation alone.
    #[must_use]
    pub fn takes(self, place: &str, name: &str, text: &str, schema: &Value) -> Operation {
        self.takes_parameter(parameter(place, name, text, schema))
    }

    /// A parameter of which more is to be said.
    #[must_use]
    pub fn takes_parameter(mut self, parameter: Value) -> Operation {
        self.parameters.push(parameter);
        self
    }

    /// Parameters that are described once.
    #[must_use]
    pub fn takes_common<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Operation {
        self.parameters.extend(names.into_iter().map(|name| common("parameters", name)));
        self
    }

    /// What must be sent, by media type.
    #[must_use]
    pub fn sent(mut self, content: &Value) -> Operation {
        self.body = Some(json!({"required": true, "content": content}));
        self
    }

    /// An answer without content.
    #[must_use]
    pub fn answers(mut self, status: u16, description: &'static str) -> Operation {
        self.answers.push(Answer { status, description, content: None, headers: Map::new() });
        self
    }

    /// An answer with content, by media type.
    #[must_use]
    pub fn answers_with(self, status: u16, description: &'static str, content: Value) -> Operation {
        let mut this = self.answers(status, description);
        if let Some(answer) = this.answers.last_mut() {
            answer.content = Some(content);
        }
        this
    }

    /// The answer 200 in JSON.
    #[must_use]
    pub fn answers_json(self, description: &'static str, schema: Value) -> Operation {
        self.answers_with(200, description, content([("application/json", schema)]))
    }

    /// Headers of the answer that was said last.
    #[must_use]
    pub fn with_headers<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Operation {
        if let Some(answer) = self.answers.last_mut() {
            let headers = names.into_iter().map(|name| (name.to_owned(), common("headers", name)));
            answer.headers.extend(headers);
        }
        self
    }

    /// The answer that was said last is a page of many.
    #[must_use]
    pub fn paged(self) -> Operation {
        self.takes_common(["perPage", "nextPageToken"])
            .with_headers(["Link", "GS1-Next-Page-Token-Expires"])
    }

    /// The answer that was said last tells where the new thing is.
    #[must_use]
    pub fn located(self) -> Operation {
        self.with_headers(["Location"])
    }

    /// Refusals that are answered by a problem document, beside those of every operation of its kind.
    #[must_use]
    pub fn refuses(mut self, statuses: &[u16]) -> Operation {
        self.problems.extend(statuses);
        self
    }

    /// What the server itself calls.
    #[must_use]
    pub fn calls(mut self, callbacks: Value) -> Operation {
        self.callbacks = Some(callbacks);
        self
    }
}
