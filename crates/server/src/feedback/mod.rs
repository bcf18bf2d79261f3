//! Doubts that people report: anyone may, without an account, and follows the case by its code.
//! Officers, reviewers and inspectors look into those of their sector and area and answer.

pub mod case;
pub mod desk;
mod report;

pub use desk::answer;
pub use report::{Report, report};

use crate::identity::account::Role;
use crate::shared::L;
use crate::shared::guard::{Access, Routes};

/// Roles that follow doubts up.
pub const LOOK: [Role; 3] = [Role::Officer, Role::Reviewer, Role::Inspector];

const OFFICE: Access = Access::Staff(&LOOK);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/doubt", Access::Public, report::page)
        .post("/doubt", Access::Public, report::submit)
        .get("/cases", Access::Public, case::find)
        .get("/cases/{code}", Access::Public, case::page)
        .get("/desk/doubts", OFFICE, desk::list)
        .get("/desk/doubts/{doubt}", OFFICE, desk::page)
        .post("/desk/doubts/{doubt}", OFFICE, desk::write)
}

/// Where a case stands; it only goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Received,
    Looking,
    Closed,
}

impl State {
    pub const ALL: [State; 3] = [State::Received, State::Looking, State::Closed];

    pub fn code(self) -> &'static str {
        match self {
            State::Received => "received",
            State::Looking => "looking",
            State::Closed => "closed",
        }
    }

    pub fn of_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    pub fn label(self, l: L) -> &'static str {
        match self {
            State::Received => l.t("Đã nhận", "Received"),
            State::Looking => l.t("Đang xem xét", "Being looked into"),
            State::Closed => l.t("Đã trả lời", "Answered"),
        }
    }

    /// Class of its badge.
    pub fn class(self) -> &'static str {
        match self {
            State::Received => "badge is-warn",
            State::Looking => "badge",
            State::Closed => "badge is-good",
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            State::Received => "flag",
            State::Looking => "search",
            State::Closed => "check",
        }
    }
}
