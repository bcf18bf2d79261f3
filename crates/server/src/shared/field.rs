//! Fields of forms, drawn from what was entered and what is wrong with it: label above, help
//! under it, the fault at the field. A page writes `{{ f.text("name", label, help)|safe }}`.

use std::fmt::Write as _;

use askama::Template;

use super::assets::icon;
use super::form::Entered;
use super::{L, history};

/// One choice of a list: code and words.
pub type Choice = (String, String);

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="field{% if fault.is_some() %} is-wrong{% endif %}"><label for="f-{{ name }}">{{ label }}</label>{% if !help.is_empty() %}<p class="help" id="h-{{ name }}">{{ help }}</p>{% endif %}{% match fault %}{% when Some with (words) %}<p class="error" id="e-{{ name }}">{{ mark|safe }}{{ words }}</p>{% when None %}{% endmatch %}{{ control|safe }}</div>"#
)]
struct FieldView<'a> {
    name: &'a str,
    label: &'a str,
    help: &'a str,
    fault: Option<&'a str>,
    mark: String,
    control: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<div class="error-summary" role="alert" tabindex="-1"><h2>{{ title }}</h2><ul>{% for (name, words) in faults %}<li><a href="#f-{{ name }}">{{ self.label(name) }}{{ words }}</a></li>{% endfor %}</ul></div>"##
)]
struct Summary<'a> {
    l: L,
    title: &'a str,
    faults: &'a [(String, String)],
}

impl Summary<'_> {
    /// The field's name before a sentence that does not say which field it is about.
    fn label(&self, name: &str) -> String {
        let words = history::field(self.l, name);
        if words == name { String::new() } else { format!("{words}: ") }
    }
}

fn address(commune: &str) -> String {
    vietnam::units::commune(commune).map_or_else(String::new, vietnam::units::full_address)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

impl Entered {
    fn described(&self, name: &str, help: &str) -> String {
        let mut ids = Vec::new();
        if self.fault(name).is_some() {
            ids.push(format!("e-{name}"));
        }
        if !help.is_empty() {
            ids.push(format!("h-{name}"));
        }
        let wrong = if self.fault(name).is_some() { r#" aria-invalid="true""# } else { "" };
        if ids.is_empty() {
            wrong.to_owned()
        } else {
            format!(r#"{wrong} aria-describedby="{}""#, ids.join(" "))
        }
    }

    fn wrap(&self, name: &str, label: &str, help: &str, control: String) -> String {
        FieldView { name, label, help, fault: self.fault(name), mark: icon("warning"), control }
            .render()
            .unwrap_or_default()
    }

    /// An input with further attributes of our own writing (`type="date"`, `inputmode=…`).
    pub fn input(&self, name: &str, label: &str, help: &str, attributes: &str) -> String {
        let value = escaped(self.value(name));
        let described = self.described(name, help);
        let control = format!(
            r#"<input class="input" id="f-{name}" name="{name}" value="{value}" {attributes}{described}>"#
        );
        self.wrap(name, label, help, control)
    }

    /// A line of text.
    pub fn text(&self, name: &str, label: &str, help: &str) -> String {
        self.input(name, label, help, r#"type="text" maxlength="500""#)
    }

    /// A day. Browsers with a date field send ISO; others take dd/mm/yyyy.
    pub fn date(&self, name: &str, label: &str, help: &str) -> String {
        self.input(name, label, help, r#"type="date""#)
    }

    /// A number, with its unit behind it.
    pub fn amount(&self, name: &str, label: &str, help: &str, unit: &str) -> String {
        let value = escaped(self.value(name));
        let described = self.described(name, help);
        let control = format!(
            r#"<div class="with-unit"><input class="input" id="f-{name}" name="{name}" value="{value}" inputmode="decimal" autocomplete="off" maxlength="24"{described}><span class="unit">{}</span></div>"#,
            escaped(unit)
        );
        self.wrap(name, label, help, control)
    }

    pub fn password(&self, name: &str, label: &str, help: &str, autocomplete: &str) -> String {
        let attributes =
            format!(r#"type="password" autocomplete="{autocomplete}" maxlength="200""#);
        self.input(name, label, help, &attributes)
    }

    /// Several lines of text.
    pub fn area(&self, name: &str, label: &str, help: &str) -> String {
        let described = self.described(name, help);
        let control = format!(
            r#"<textarea class="input" id="f-{name}" name="{name}" rows="4"{described}>{}</textarea>"#,
            escaped(self.value(name))
        );
        self.wrap(name, label, help, control)
    }

    /// One of a list; an empty first line where nothing is chosen yet.
    pub fn select(&self, name: &str, label: &str, help: &str, choices: &[Choice]) -> String {
        let described = self.described(name, help);
        let mut control =
            format!(r#"<select class="input" id="f-{name}" name="{name}"{described}>"#);
        if !choices.iter().any(|(code, _)| self.has(name, code)) {
            control.push_str(r#"<option value="" selected></option>"#);
        }
        for (code, words) in choices {
            let selected = if self.has(name, code) { " selected" } else { "" };
            let _ = write!(
                control,
                r#"<option value="{}"{selected}>{}</option>"#,
                escaped(code),
                escaped(words)
            );
        }
        control.push_str("</select>");
        self.wrap(name, label, help, control)
    }

    /// One of a few, as large cards; `kind` is `radio` or `checkbox`.
    fn cards(&self, kind: &str, name: &str, label: &str, choices: &[Choice]) -> String {
        let fault = self.fault(name).map_or(String::new(), |words| {
            format!(r#"<p class="error" id="e-{name}">{}{}</p>"#, icon("warning"), escaped(words))
        });
        let mut out = format!(
            r#"<fieldset class="field" id="f-{name}"{}><legend>{}</legend>{fault}<div class="choices choices-row">"#,
            if fault.is_empty() {
                String::new()
            } else {
                format!(r#" aria-describedby="e-{name}""#)
            },
            escaped(label)
        );
        for (code, words) in choices {
            let checked = if self.has(name, code) { " checked" } else { "" };
            let _ = write!(
                out,
                r#"<label class="choice"><input type="{kind}" name="{name}" value="{}"{checked}><span>{}</span></label>"#,
                escaped(code),
                escaped(words)
            );
        }
        out.push_str("</div></fieldset>");
        out
    }

    pub fn radios(&self, name: &str, label: &str, choices: &[Choice]) -> String {
        self.cards("radio", name, label, choices)
    }

    pub fn checks(&self, name: &str, label: &str, choices: &[Choice]) -> String {
        self.cards("checkbox", name, label, choices)
    }

    /// One tick.
    pub fn tick(&self, name: &str, label: &str) -> String {
        let checked = if self.value(name).is_empty() { "" } else { " checked" };
        format!(
            r#"<label class="choice choice-plain"><input type="checkbox" id="f-{name}" name="{name}" value="yes"{checked}><span>{}</span></label>"#,
            escaped(label)
        )
    }

    /// A photo button; several photos where `many`.
    pub fn photo(&self, name: &str, label: &str, help: &str, many: bool) -> String {
        let fault = self.fault(name).map_or(String::new(), |words| {
            format!(r#"<p class="error" id="e-{name}">{}{}</p>"#, icon("warning"), escaped(words))
        });
        let many = if many { " multiple" } else { "" };
        format!(
            r#"<div class="field">{fault}<label class="photo-field">{}<b>{}</b><small>{}</small><input type="file" id="f-{name}" name="{name}" accept="image/jpeg,image/png,image/webp" data-photo{many}></label></div>"#,
            icon("camera"),
            escaped(label),
            escaped(help)
        )
    }

    /// A commune: a search field that, with scripts, suggests while typing, and without them is
    /// answered by a list to choose from when the form is sent.
    pub fn commune(&self, name: &str, label: &str, help: &str) -> String {
        let code = self.value(name).to_owned();
        let typed = self.value(&format!("{name}_text")).to_owned();
        let shown = if typed.is_empty() { address(&code) } else { typed };
        let described = self.described(name, help);
        let mut control = format!(
            r#"<div class="suggest"><input class="input" id="f-{name}" name="{name}_text" value="{}" autocomplete="off" data-suggest="/suggest/communes" data-suggest-for="v-{name}" data-suggest-old="o-{name}"{described}><input type="hidden" id="v-{name}" name="{name}" value="{}"><input type="hidden" id="o-{name}" name="{name}_old" value="{}"></div>"#,
            escaped(&shown),
            escaped(&code),
            escaped(self.value(&format!("{name}_old")))
        );
        let choices = self.all(&format!("{name}_choices"));
        if !choices.is_empty() {
            control.push_str(r#"<div class="choices">"#);
            for code in choices {
                let words = address(code);
                let _ = write!(
                    control,
                    r#"<label class="choice"><input type="radio" name="{name}_chosen" value="{code}"><span>{}</span></label>"#,
                    escaped(&words)
                );
            }
            control.push_str("</div>");
        }
        self.wrap(name, label, help, control)
    }

    /// The summary of faults on top of a form; empty when there is none.
    pub fn summary(&self, l: &L) -> String {
        if self.faults().is_empty() {
            return String::new();
        }
        let title = l.t("Chưa lưu được: hãy sửa những chỗ sau", "Not saved yet: please mend these");
        Summary { l: *l, title, faults: self.faults() }.render().unwrap_or_default()
    }
}
