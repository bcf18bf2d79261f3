//! What people call the things and places of an answer.

use std::collections::BTreeMap;

use store::{params, sql};
use trace::{Holding, Node, NodeKind, Place, Scope, Unit};

use crate::app::App;
use crate::lots;
use crate::places;
use crate::shared::{Fail, L, text};

/// A line of a table.
pub(super) struct Row {
    pub(super) thing: String,
    pub(super) code: String,
    /// Where it is, in words, and the code of a place that is in no register.
    pub(super) place: String,
    pub(super) site: String,
    pub(super) when: String,
    /// How much came, and how much of it is suspect.
    pub(super) came: String,
    pub(super) suspect: String,
    pub(super) here: String,
}

/// Names for what identifiers in events mean.
pub(super) struct Names {
    l: L,
    lots: BTreeMap<String, (String, String)>,
    places: BTreeMap<String, String>,
}

impl Names {
    pub(super) async fn of(app: &App, l: L, nodes: &[&Node]) -> Result<Names, Fail> {
        let mut names = Names { l, lots: BTreeMap::new(), places: BTreeMap::new() };
        let mut items: Vec<String> = nodes.iter().map(|node| node.id.clone()).collect();
        items.sort();
        items.dedup();
        for lot in lots::by_items(app, &items).await? {
            let product = app
                .store
                .query_one(sql!("SELECT name FROM product WHERE id = $1"), &params![lot.product])
                .await?;
            let product: String = product.map(|row| row.get(0)).transpose()?.unwrap_or_default();
            names.lots.insert(lot.item.clone(), (product, lot.code.clone()));
        }
        let mut sites: Vec<&str> = nodes
            .iter()
            .filter_map(|node| match node.place.as_ref()? {
                Place::At(site) | Place::OnTheWay(Some(site)) => Some(site.as_str()),
                _ => None,
            })
            .collect();
        sites.sort_unstable();
        sites.dedup();
        for (uri, (place, organisation)) in places::by_uris(app, &sites).await? {
            names.places.insert(uri, format!("{} · {organisation}", place.name));
        }
        Ok(names)
    }

    /// What a thing is called, and its code.
    fn thing(&self, node: &Node) -> (String, String) {
        let l = self.l;
        if let Some((product, code)) = self.lots.get(&node.id) {
            return (product.clone(), format!("{} {code}", l.t("lô", "lot")));
        }
        let kind = match node.kind {
            NodeKind::Process => l.t("Chế biến", "Process"),
            NodeKind::Lot => l.t("Lô hàng", "Lot"),
            NodeKind::Item => l.t("Vật, thùng", "Item"),
        };
        (kind.to_owned(), node.id.clone())
    }

    /// Where it is, in words; and the code of a place of which nobody knows the name.
    fn place(&self, node: &Node) -> (String, String) {
        let l = self.l;
        let named = |words: &str, site: &str| match self.places.get(site) {
            Some(name) => (format!("{words}{name}"), String::new()),
            None => (words.to_owned(), site.to_owned()),
        };
        match &node.place {
            None => (String::new(), String::new()),
            Some(Place::At(site)) => named("", site),
            Some(Place::Unknown) => (l.t("không ai ghi", "not recorded").to_owned(), String::new()),
            Some(Place::OnTheWay(Some(to))) => {
                named(l.t("đã gửi, chưa ai nhận, đến ", "sent, not received, to "), to)
            }
            Some(Place::OnTheWay(None)) => {
                (l.t("trên đường", "on the way").to_owned(), String::new())
            }
            Some(Place::Inside(holder)) => (l.t("trong ", "in ").to_owned(), holder.clone()),
        }
    }

    pub(super) fn row(&self, node: &Node, always: &str) -> Row {
        let (thing, code) = self.thing(node);
        let when = node.time.map_or_else(|| always.to_owned(), |time| text::moment(&self.l, &time));
        let (place, site) = self.place(node);
        Row {
            thing,
            code,
            place,
            site,
            when,
            came: String::new(),
            suspect: String::new(),
            here: String::new(),
        }
    }

    pub(super) fn holding(&self, holding: &Holding) -> Row {
        let unit = holding.unit.map(|unit| self.unit(unit)).unwrap_or_default();
        let amount = |micro: i64| {
            let number = rust_decimal::Decimal::new(micro, 6).normalize();
            text::number(&self.l, &number)
        };
        let scope = |scope: Scope| match scope.high {
            Some(high) if high == scope.low => format!("{} {unit}", amount(high)),
            Some(high) => format!("{}–{} {unit}", amount(scope.low), amount(high)),
            None if scope.low > 0 => {
                format!("{} {} {unit}", self.l.t("ít nhất", "at least"), amount(scope.low))
            }
            None => self.l.t("không rõ", "not known").to_owned(),
        };
        Row {
            came: holding.came.map_or_else(
                || self.l.t("không rõ", "not known").to_owned(),
                |came| format!("{} {unit}", amount(came.micro)),
            ),
            suspect: scope(holding.suspect),
            here: scope(holding.suspect_here),
            ..self.row(&holding.node, self.l.t("từ đầu", "from the beginning"))
        }
    }

    fn unit(&self, unit: Unit) -> String {
        match unit {
            Unit::Kilogram => "kg".to_owned(),
            Unit::Piece => self.l.t("cái", "pieces").to_owned(),
            Unit::Other(_) => unit.code().to_owned(),
        }
    }
}
