//! Who may say what of which thing and place, and what cannot be: a date in the future, a harvest
//! while a treatment still works, more going out than came in. Judged for every way in alike.

use std::collections::{BTreeMap, HashMap, HashSet};

use epcis::{Action, Event, EventKind, Posting, Role};
use gs1::Lang;
use rust_decimal::Decimal;
use store::Filter;
use vietnam::format;

use super::known::{Known, gtin_of, is_thing};
use super::{Caller, Refused, Said, extension, parties};
use crate::app::{App, Micros};
use crate::lots::Lot;
use crate::lots::ledger::{self, KILOGRAM, Ledger, PIECE};
use crate::shared::{Fail, text};

/// How far a sender's clock may be ahead of ours.
const CLOCK_SKEW: Micros = 5 * 60 * 1_000_000;
/// Longest identifier that the log can be searched by, in bytes.
const LONGEST_ID: usize = 2_000;

/// What is wrong with the events of a batch, in its order. An event that is in the log already is
/// not judged again: sending it twice is no second use of the goods.
pub(super) async fn judge(
    app: &App,
    caller: &Caller,
    known: &Known,
    said: &[Said],
) -> Result<Vec<Refused>, Fail> {
    let mut refused = Vec::new();
    let mut ledgers = Ledgers::load(app, caller, known, said).await?;
    let before = if known.has_lots() { in_log(app, caller, said).await? } else { HashSet::new() };
    let now = app.now();
    for (index, one) in said.iter().enumerate() {
        let (event, mut court) = (&one.event, Court { index, refused: Vec::new() });
        court.form(one, now);
        // What is in the log already may be declared in error, whatever it named.
        if event.error_declaration.is_none() {
            court.refused.extend(parties::too_many(index, one));
        }
        court.places(caller, known, one);
        let repeated = event.event_id.as_ref().is_some_and(|id| before.contains(id));
        if event.error_declaration.is_none() && !repeated {
            court.things(caller, known, &ledgers, one);
            if court.refused.is_empty() {
                court.lots(caller, known, &ledgers, one);
            }
            if court.refused.is_empty() {
                ledgers.apply(event);
            }
        }
        refused.extend(court.refused);
    }
    Ok(refused)
}

async fn in_log(app: &App, caller: &Caller, said: &[Said]) -> Result<HashSet<String>, Fail> {
    let ids: Vec<String> = said.iter().filter_map(|one| one.event.event_id.clone()).collect();
    let mut found = HashSet::new();
    for some in ids.chunks(500) {
        let filter = Filter {
            owner: Some(caller.organisation),
            event_ids: some.to_vec(),
            limit: 500,
            ..Filter::default()
        };
        found.extend(
            app.store.events(&filter).await?.events.into_iter().map(|event| event.event_id),
        );
    }
    Ok(found)
}

/// The ledgers of the registered lots of a batch, with what the batch itself has said so far.
struct Ledgers {
    of: HashMap<String, Ledger>,
    /// What the caller holds, by lot and unit.
    held: HashMap<String, BTreeMap<String, Decimal>>,
}

impl Ledgers {
    async fn load(
        app: &App,
        caller: &Caller,
        known: &Known,
        said: &[Said],
    ) -> Result<Ledgers, Fail> {
        let (mut of, mut held) = (HashMap::new(), HashMap::new());
        for item in known.lots.keys() {
            let mut ledger = ledger::of_item(app, item).await?;
            let declared = said.iter().map(|one| &one.event);
            for event in declared.filter(|event| event.error_declaration.is_some()) {
                ledger.void(caller.organisation, event.event_id.as_deref().unwrap_or_default());
            }
            held.insert(item.clone(), ledger.balances(caller.organisation, &known.parties));
            of.insert(item.clone(), ledger);
        }
        Ok(Ledgers { of, held })
    }

    fn apply(&mut self, event: &Event) {
        for (item, balances) in &mut self.held {
            for (uom, amount) in ledger::effects(event, item) {
                let total = balances.entry(uom).or_default();
                *total = total.saturating_add(amount);
            }
        }
    }
}

/// The judgement of one event.
struct Court {
    index: usize,
    refused: Vec<Refused>,
}

impl Court {
    fn refuse(
        &mut self,
        rule: &'static str,
        path: &'static str,
        vi: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.refused.push(Refused { index: self.index, rule, path, vi: vi.into(), en: en.into() });
    }

    fn form(&mut self, said: &Said, now: Micros) {
        let event = &said.event;
        if event.event_time.micros > now.saturating_add(CLOCK_SKEW) {
            self.refuse(
                "time.future",
                "/eventTime",
                "Thời điểm ở tương lai. Chỉ ghi việc đã làm.",
                "The time is in the future. Only what has happened can be recorded.",
            );
        }
        let words = [&event.event_id, &event.biz_step, &event.disposition];
        let long_word = words.into_iter().flatten().any(|word| word.len() > LONGEST_ID - 40);
        if long_word || said.postings.iter().any(|posting| posting.id.len() > LONGEST_ID) {
            self.refuse(
                "id.length",
                "",
                "Có mã dài quá 2.000 byte.",
                "An identifier is longer than 2,000 bytes.",
            );
        }
    }

    fn places(&mut self, caller: &Caller, known: &Known, said: &Said) {
        let places = [("/readPoint/id", Role::ReadPoint), ("/bizLocation/id", Role::BizLocation)];
        for (path, role) in places {
            let Some(id) = said.ids(role).next() else { continue };
            match known.places.get(id) {
                Some((place, name)) if place.organisation != caller.organisation => self.refuse(
                    "place.foreign",
                    path,
                    format!(
                        "Địa điểm này là của {name}; chỉ đơn vị đó được ghi việc xảy ra ở đây."
                    ),
                    format!(
                        "This place belongs to {name}; only they may record what happens there."
                    ),
                ),
                Some((place, _))
                    if place.closed_at.is_some_and(|at| said.event.event_time.micros > at) =>
                {
                    self.refuse(
                        "place.closed",
                        path,
                        format!("Địa điểm “{}” đã đóng trước thời điểm này. Mở lại địa điểm, hoặc chọn nơi khác.", place.name),
                        format!("The place “{}” was closed before that time. Open it again, or choose another.", place.name),
                    );
                }
                None if id.starts_with("urn:nguon:place:") => {
                    self.refuse(
                        "place.unknown",
                        path,
                        "Không có địa điểm nào mang mã này.",
                        "No place bears this code.",
                    );
                }
                _ => {}
            }
        }
    }

    /// Rights over goods: making and ending are the owner's; moving, receiving and using are also
    /// those of whom the goods were sent to.
    fn things(&mut self, caller: &Caller, known: &Known, ledgers: &Ledgers, said: &Said) {
        let event = &said.event;
        for posting in said.postings.iter().filter(|posting| is_thing(posting.role)) {
            if let Some(lot) = known.lots.get(&posting.id) {
                if lot.organisation == caller.organisation {
                    continue;
                }
                let sent = ledgers.of.get(&lot.item).is_some_and(|ledger| {
                    ledger.sent_to(caller.organisation, &known.parties).next().is_some()
                });
                if makes(event, posting) {
                    self.foreign_lot(
                        lot,
                        "Chỉ đơn vị mở lô được ghi làm ra lô này.",
                        "only its own organisation may record its making.",
                    );
                } else if !sent {
                    self.foreign_lot(
                        lot,
                        "Chủ lô chưa khai giao lô này cho đơn vị bạn.",
                        "its owner has not said that it was sent to you.",
                    );
                }
            } else if posting.id.starts_with("urn:nguon:lot:") {
                self.refuse(
                    "lot.unknown",
                    path_of(posting.role),
                    "Không có lô nào mang mã này. Kiểm tra lại từng ký tự của mã lô.",
                    "No lot bears this code. Check each character of it.",
                );
            } else if makes(event, posting)
                && let Some(owner) = gtin_of(&posting.id).and_then(|gtin| known.products.get(gtin))
                && *owner != caller.organisation
            {
                self.refuse(
                    "product.foreign",
                    path_of(posting.role),
                    "Mã GTIN này do đơn vị khác đăng ký; chỉ đơn vị đó được ghi làm ra sản phẩm.",
                    "Another organisation registered this GTIN; only they may record the making of the product.",
                );
            }
        }
    }

    fn foreign_lot(&mut self, lot: &Lot, vi: &str, en: &str) {
        self.refuse(
            "lot.foreign",
            "/quantityList",
            format!("Lô {} là của đơn vị khác. {vi}", lot.code),
            format!("Lot {} belongs to another organisation: {en}", lot.code),
        );
    }

    /// The rules of our own lots.
    fn lots(&mut self, caller: &Caller, known: &Known, ledgers: &Ledgers, said: &Said) {
        let (event, mut touched) = (&said.event, false);
        let ids: HashSet<&str> = said.postings.iter().map(|posting| posting.id.as_str()).collect();
        for (item, lot) in known.lots.iter().filter(|(item, _)| ids.contains(item.as_str())) {
            touched = true;
            if lot.closed_at.is_some() && lot.organisation == caller.organisation {
                self.refuse(
                    "lot.closed",
                    "",
                    format!("Lô {} đã đóng. Mở lại lô rồi ghi.", lot.code),
                    format!("Lot {} is closed. Open it again first.", lot.code),
                );
            }
            if let Some(ledger) = ledgers.of.get(item) {
                self.waiting(ledger, lot, event);
            }
            if let Some(held) = ledgers.held.get(item) {
                self.balance(held, lot, event);
            }
        }
        if touched && event.kind == EventKind::Transformation {
            self.yields(event);
        }
    }

    fn waiting(&mut self, ledger: &Ledger, lot: &Lot, event: &Event) {
        if !is_harvest(event, &ledger.item) {
            return;
        }
        let Some((until, substance)) = ledger.waiting(text::day_of(event.event_time.micros)) else {
            return;
        };
        let (vi_day, en_day) = (format::date(until, Lang::Vi), format::date(until, Lang::En));
        let (vi_what, en_what) = if substance.is_empty() {
            ("một lần dùng thuốc".to_owned(), "a treatment".to_owned())
        } else {
            (format!("“{substance}”"), format!("“{substance}”"))
        };
        self.refuse(
            "lot.waiting",
            "/eventTime",
            format!("Lô {} còn thời gian cách ly sau {vi_what}: được thu hoạch, giết mổ từ ngày {vi_day}.", lot.code),
            format!("Lot {} must wait after {en_what}: harvest or slaughter is allowed from {en_day}.", lot.code),
        );
    }

    fn balance(&mut self, held: &BTreeMap<String, Decimal>, lot: &Lot, event: &Event) {
        for (uom, change) in ledger::effects(event, &lot.item) {
            if !change.is_sign_negative() || change.is_zero() {
                continue;
            }
            let left = held.get(&uom).copied().unwrap_or_default();
            if left.saturating_add(change).is_sign_negative() {
                let (asked, left) = (-change, left.max(Decimal::ZERO));
                self.refuse(
                    "lot.balance",
                    "/quantityList",
                    format!(
                        "Lô {} chỉ còn {}, không đủ {}. Kiểm tra số lượng, hoặc ghi bước thu hoạch, nhập hàng còn thiếu trước.",
                        lot.code,
                        amount(left, &uom, Lang::Vi),
                        amount(asked, &uom, Lang::Vi)
                    ),
                    format!(
                        "Only {} of lot {} are left, not {}. Check the amount, or record the missing harvest or receipt first.",
                        amount(left, &uom, Lang::En),
                        lot.code,
                        amount(asked, &uom, Lang::En)
                    ),
                );
            }
        }
    }

    /// No more comes out than went in, by mass; of slaughtered animals, no more than they weighed.
    fn yields(&mut self, event: &Event) {
        let mass = |list: &[epcis::Quantity]| {
            let amounts: Vec<_> = list.iter().map(ledger::in_base).collect();
            let all = !amounts.is_empty()
                && amounts.iter().all(|one| one.as_ref().is_some_and(|(uom, _)| uom == KILOGRAM));
            let total = amounts
                .into_iter()
                .flatten()
                .fold(Decimal::ZERO, |sum, (_, amount)| sum.saturating_add(amount));
            (all && event.input_epc_list.is_empty()).then_some(total)
        };
        let weighed = extension::text(event, "liveWeight")
            .and_then(|kilograms| kilograms.parse::<Decimal>().ok());
        let Some(input) = weighed.or_else(|| mass(&event.input_quantity_list)) else { return };
        let outputs = event.output_quantity_list.iter().filter_map(ledger::in_base);
        let output = outputs
            .filter(|(uom, _)| uom == KILOGRAM)
            .fold(Decimal::ZERO, |sum, (_, amount)| sum.saturating_add(amount));
        if output > input {
            self.refuse(
                "yield.above-input",
                "/outputQuantityList",
                format!(
                    "Đầu ra {} nhiều hơn đầu vào {}. Kiểm tra lại hai số.",
                    amount(output, KILOGRAM, Lang::Vi),
                    amount(input, KILOGRAM, Lang::Vi)
                ),
                format!(
                    "The output of {} is more than the input of {}. Check both figures.",
                    amount(output, KILOGRAM, Lang::En),
                    amount(input, KILOGRAM, Lang::En)
                ),
            );
        }
    }
}

/// Whether the event says that goods came into being under this identifier.
fn makes(event: &Event, posting: &Posting) -> bool {
    match posting.role {
        Role::Output | Role::OutputClass => true,
        Role::Epc | Role::QuantityClass => {
            event.kind == EventKind::Object && event.action == Some(Action::Add)
        }
        _ => false,
    }
}

fn path_of(role: Role) -> &'static str {
    match role {
        Role::Input => "/inputEPCList",
        Role::InputClass => "/inputQuantityList",
        Role::Output => "/outputEPCList",
        Role::OutputClass => "/outputQuantityList",
        Role::Child => "/childEPCs",
        Role::ChildClass => "/childQuantityList",
        Role::Parent => "/parentID",
        Role::Epc => "/epcList",
        _ => "/quantityList",
    }
}

/// Whether an event takes food from what grows or lives: a harvest, or a slaughter. An amount in
/// kilograms that a program adds to a lot without naming a card is taken for a harvest.
fn is_harvest(event: &Event, item: &str) -> bool {
    match extension::text(event, "card").as_deref() {
        Some(card) => card == "harvest" || card == "slaughter",
        None if event.biz_step.as_deref().is_some_and(|step| step.ends_with("slaughtering")) => {
            true
        }
        None => {
            event.kind == EventKind::Object
                && event.action == Some(Action::Add)
                && ledger::effects(event, item).contains_key(KILOGRAM)
        }
    }
}

/// An amount with its unit, for people: `1.240 kg`, `12 con`.
pub fn amount(value: Decimal, uom: &str, lang: Lang) -> String {
    let unit = match (uom, lang) {
        (KILOGRAM, _) => "kg",
        (PIECE, Lang::Vi) => "con, cái",
        (PIECE, Lang::En) => "pieces",
        (other, _) => {
            vietnam::units_of_measure::by_un_ece(other).map_or(other, |unit| unit.label(lang))
        }
    };
    format!("{} {unit}", format::number(value.normalize(), lang))
}
