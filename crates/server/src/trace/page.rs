//! The officer's page: one code in, what it touched out.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use trace::{Direction, Edge, Holding, Node, Place, Recall, Start, StartError, Trace, Verdict};

use super::known;
use super::names::{Names, Row};
use crate::app::App;
use crate::lots;
use crate::shared::guard::Visit;
use crate::shared::page::{Page, show, show_with};
use crate::shared::{Fail, L, text};

/// Rows that a page shows; a file has them all.
const ROWS: usize = 500;

#[derive(Deserialize, Default, Clone)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    /// `recall`, `back` or `forward`.
    #[serde(default)]
    way: String,
}

impl Asked {
    fn way(&self) -> &str {
        match self.way.as_str() {
            way @ ("back" | "forward") => way,
            _ => "recall",
        }
    }
}

/// A table with its heading.
struct Part {
    title: String,
    about: String,
    /// How the page marks it: `is-bad`, `is-warn`, `is-good`.
    mark: &'static str,
    icon: &'static str,
    rows: Vec<Row>,
    all: usize,
    quantities: bool,
}

struct Answer {
    about: String,
    facts: Vec<(String, String)>,
    parts: Vec<Part>,
    /// It is not the whole.
    cut: bool,
    file: String,
}

#[derive(Template)]
#[template(path = "trace/page.html")]
struct TracePage {
    page: Page,
    asked: Asked,
    answer: Option<Answer>,
    wrong: Option<String>,
}

/// What is asked for, as events know it: a lot of the register by its trace code, link or number; else the text itself.
async fn start(app: &App, typed: &str) -> Result<Start, Fail> {
    let typed = typed.trim();
    if let Some(lot) = lots::named(app, typed).await? {
        return Ok(Start::of(&lot.item));
    }
    Ok(Start::of(typed))
}

enum Told {
    Recall(Recall),
    Trace(Trace),
}

async fn told(app: &App, asked: &Asked) -> Result<Result<(Told, u128), StartError>, Fail> {
    let start = [start(app, &asked.q).await?];
    let way = asked.way().to_owned();
    let (told, took) = known::ask(app, move |graph, limits| match way.as_str() {
        "back" => graph.trace(&start, Direction::Back, None, limits).map(Told::Trace),
        "forward" => graph.trace(&start, Direction::Forward, None, limits).map(Told::Trace),
        _ => graph.recall(&start, None, limits).map(Told::Recall),
    })
    .await?;
    Ok(told.map(|told| (told, took.as_millis())))
}

/// `GET /desk/trace`
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let l = visit.l;
    let page = Page::of_staff(&visit, l.t("Truy vết", "Trace"));
    if asked.q.trim().is_empty() {
        return show(&TracePage { page, asked, answer: None, wrong: None });
    }
    if let Ok((told, took)) = told(&app, &asked).await? {
        let answer = answer(&app, l, &asked, told, took).await?;
        return show(&TracePage { page, asked, answer: Some(answer), wrong: None });
    }
    let wrong = l.t(
        "Chưa có sự kiện nào nói đến mã này. Kiểm tra lại mã: mã truy vết của lô, đường dẫn trên tem, mã thùng hay mã địa điểm.",
        "No event speaks of this code. Check it: the trace code of a lot, the link on a stamp, the code of a case or of a place.",
    );
    let wrong = Some(wrong.to_owned());
    show_with(StatusCode::NOT_FOUND, &TracePage { page, asked, answer: None, wrong })
}

/// `GET /desk/trace.json`: the whole answer, for a spreadsheet or another program.
pub(super) async fn json(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let Ok((told, _)) = told(&app, &asked).await? else { return Err(Fail::NotFound) };
    let trace = match &told {
        Told::Recall(recall) => &recall.trace,
        Told::Trace(trace) => trace,
    };
    let mut numbers: Vec<u32> = trace.events.clone();
    numbers.extend(trace.edges.iter().map(|edge| edge.event));
    numbers.extend(trace.nodes.iter().flat_map(|node| &node.process));
    numbers.sort_unstable();
    numbers.dedup();
    let mut names: BTreeMap<u32, String> = BTreeMap::new();
    for some in numbers.chunks(500) {
        let seqs: Vec<store::Seq> = some.iter().map(|number| known::seq(*number)).collect();
        for logged in app.store.at(&seqs).await? {
            names.insert((logged.seq.0 - 1) as u32, logged.corrects.unwrap_or(logged.event_id));
        }
    }
    let name = |number: u32| names.get(&number).cloned().unwrap_or_default();
    let body = match &told {
        Told::Recall(recall) => recall.to_json(&name),
        Told::Trace(trace) => trace.to_json(&name),
    };
    let head = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"truy-vet.json\""),
    ];
    Ok((head, body.to_string()).into_response())
}

async fn answer(app: &App, l: L, asked: &Asked, told: Told, took: u128) -> Result<Answer, Fail> {
    let trace = match &told {
        Told::Recall(recall) => &recall.trace,
        Told::Trace(trace) => trace,
    };
    let count = |number: usize| text::count(&l, &(number as i64));
    let places: BTreeSet<&Place> = trace
        .nodes
        .iter()
        .filter_map(|node| node.place.as_ref())
        .filter(|place| matches!(place, Place::At(_)))
        .collect();
    let mut facts = vec![
        (l.t("Nơi đã qua", "Places").to_owned(), count(places.len())),
        (l.t("Sự kiện", "Events").to_owned(), count(trace.events.len())),
        (l.t("Thời gian trả lời", "Answered in").to_owned(), format!("{took} ms")),
    ];
    let implied = trace.edges.iter().filter(|edge: &&Edge| edge.implied).count();
    if implied > 0 {
        facts.push((
            l.t("Chặng không ai ghi, suy ra", "Links nobody recorded").to_owned(),
            count(implied),
        ));
    }
    let stopped = trace.stopped.is_some();
    let parts = match &told {
        Told::Recall(recall) => recalled(app, l, recall).await?,
        Told::Trace(trace) => vec![traced(app, l, asked, trace).await?],
    };
    let query = form_encoded(&asked.q);
    let about = match asked.way() {
        "back" => l.t("Hàng này từ đâu ra", "Where it came from"),
        "forward" => l.t("Hàng này đã đi đâu, thành gì", "Where it went and what it became"),
        _ => l.t("Nếu lô này không an toàn", "If this is unsafe"),
    };
    Ok(Answer {
        about: about.to_owned(),
        facts,
        parts,
        cut: stopped,
        file: format!("/desk/trace.json?way={}&q={query}", asked.way()),
    })
}

fn form_encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text.trim(), percent_encoding::NON_ALPHANUMERIC)
        .to_string()
}

/// The things that were at known places.
fn placed(trace: &Trace) -> BTreeSet<&str> {
    let at = |node: &&Node| matches!(node.place, Some(Place::At(_)));
    trace.nodes.iter().filter(at).map(|node| node.id.as_str()).collect()
}

/// Whether a node is worth a line: of what was at known places, that it came from somewhere nobody wrote down is none.
fn tells(placed: &BTreeSet<&str>, node: &Node) -> bool {
    match node.place {
        None => false,
        Some(Place::Unknown) => !placed.contains(node.id.as_str()),
        _ => true,
    }
}

async fn recalled(app: &App, l: L, recall: &Recall) -> Result<Vec<Part>, Fail> {
    let placed = placed(&recall.trace);
    let mut parts = Vec::new();
    for (verdict, mark, title, about) in [
        (
            Verdict::Certain,
            "is-bad",
            l.t("Chắc chắn liên quan", "Certainly touched"),
            l.t(
                "Có hàng nghi ngờ ở đây, cho dù đã trộn thế nào.",
                "Holds suspect goods, however they were mixed.",
            ),
        ),
        (
            Verdict::Possible,
            "is-warn",
            l.t("Có thể liên quan", "Possibly touched"),
            l.t(
                "Có thể có hàng nghi ngờ; sổ sách không loại trừ được.",
                "May hold suspect goods; the records do not rule it out.",
            ),
        ),
        (
            Verdict::Cleared,
            "is-good",
            l.t("Đã loại trừ", "Cleared"),
            l.t(
                "Cùng tên hàng, nhưng không thể có hàng nghi ngờ.",
                "The same goods by name, but cannot hold suspect ones.",
            ),
        ),
    ] {
        // What was sent and has come is told where it came.
        let passed = |holding: &Holding| {
            matches!(holding.node.place, Some(Place::OnTheWay(_)))
                && holding.suspect_here.high == Some(0)
        };
        let of: Vec<&Holding> = recall
            .holdings
            .iter()
            .filter(|holding| holding.verdict == verdict && !passed(holding))
            .filter(|holding| tells(&placed, &holding.node))
            .collect();
        let shown: Vec<&Node> = of.iter().take(ROWS).map(|holding| &holding.node).collect();
        let names = Names::of(app, l, &shown).await?;
        parts.push(Part {
            title: title.to_owned(),
            about: about.to_owned(),
            mark,
            icon: match verdict {
                Verdict::Certain => "warning",
                Verdict::Possible => "question",
                Verdict::Cleared => "check",
            },
            rows: of.iter().take(ROWS).map(|holding| names.holding(holding)).collect(),
            all: of.len(),
            quantities: verdict != Verdict::Cleared,
        });
    }
    Ok(parts)
}

async fn traced(app: &App, l: L, asked: &Asked, trace: &Trace) -> Result<Part, Fail> {
    let placed = placed(trace);
    let things: Vec<&Node> = trace.nodes.iter().filter(|node| tells(&placed, node)).collect();
    let shown: Vec<&Node> = things.iter().copied().take(ROWS).collect();
    let names = Names::of(app, l, &shown).await?;
    let (about, always) = if asked.way() == "back" {
        (
            l.t(
                "Thời điểm: muộn nhất mà hàng còn ở đó.",
                "The time is the last at which it was there.",
            ),
            l.t("đến nay", "until now"),
        )
    } else {
        (
            l.t(
                "Thời điểm: sớm nhất mà hàng đến đó.",
                "The time is the first at which it came there.",
            ),
            l.t("từ đầu", "from the beginning"),
        )
    };
    Ok(Part {
        title: l.t("Hàng và nơi đã qua", "Goods and places").to_owned(),
        about: about.to_owned(),
        mark: "",
        icon: "",
        rows: shown.iter().map(|node| names.row(node, always)).collect(),
        all: things.len(),
        quantities: false,
    })
}
