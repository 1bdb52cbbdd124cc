//! What a button does. Written into the button when it is drawn, read back when it is pressed.
//!
//! Every action says where it wants to end up, not how far to move from here ("every 2 weeks", not
//! "fewer"), so that a double press is one effect.

use jiff::civil::Date;

use super::library::PromptId;
use super::person::Score;
use super::week::Week;

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The card of this week.
    Today,
    Help,
    /// A tip, of one skill if asked for.
    Tip(Option<PromptId>),
    /// A challenge, of one skill if asked for.
    Challenge(Option<PromptId>),
    /// Shows one prompt.
    Show(PromptId),
    /// Opens the form that makes this challenge, or this tip, the current challenge.
    TakeOn(PromptId),
    /// Keeps a prompt away from now on.
    NotUseful(PromptId),
    /// Opens the evidence form, filled in from this prompt or else from the current challenge.
    Done(Option<PromptId>),
    /// Opens the empty evidence form.
    Log,
    /// The same with these words in it, which were meant for it.
    LogThis(String),
    Drop(String),
    EditCard(String),
    DeleteCard(String),
    RestoreCard(String),
    /// Saves the same words once more: identical to this card.
    LogAgain(String),
    NudgesOn,
    NudgesOff,
    /// Opens the form with day, time and pace.
    Rhythm,
    /// One nudge every so many weeks.
    Every(u32),
    /// Asks when to come back with this nudge.
    Later(Week, PromptId),
    /// Comes back with this nudge on that day.
    RemindOn(Week, PromptId, Date),
    NotRelevant(PromptId),
    /// Opens the form that asks on which day to come back with this nudge.
    RemindDate(Week, PromptId),
    /// Opens the form that asks for the day of the talk with the manager.
    TalkBooked,
    Talked,
    /// Nothing more about the talk.
    TalkOver,
    /// Ends the weekly challenge in the channel where this was pressed.
    StopHere,
    Settings,
    ForgetMe,
    KeepMe,
    /// Opens the form at the beginning.
    Begin,
    /// Not now; shows this prompt again, under which it was offered.
    NotNow(Option<PromptId>),
    NeverAsk(Option<PromptId>),
    /// Opens the form with who confirmed a card, and what lasted.
    Confirm(String),
    /// Opens the form with what a case needs besides: goal, others, a level up.
    TellMore(String),
    /// Places a finished challenge on its rubric, 1 to 3.
    Place(String, u8),
    /// A page of one's own cards, from 0, of a skill or with some words.
    Cards(u32, String),
    ShowCard(String),
    /// Opens the rating of this skill or assessment; of the next skill that is due, where none is named.
    Assess(Option<PromptId>),
    /// All nine skills on one form.
    AssessAll,
    Park(String),
    Swap(String),
    Resume(String),
    /// The challenge on the go and those that wait.
    Challenges,
    Progress,
    Picture,
    Case,
    CaseExport,
    Export,
    /// Turns to a page of the cards in App Home, counted from 0.
    HomeCards(u32),
    /// Starts this rehearsal.
    Rehearse(PromptId),
    /// In this run, this question (from 0) was answered aloud.
    Aloud(String, usize),
    Score(String, usize, Score),
    StopRehearsal(String),
}

/// As much as Slack lets a button carry.
const CARRIES: usize = 2000;

impl Action {
    /// The evidence form with these words in it; empty where a button cannot carry them.
    pub fn log_this(words: &str) -> Action {
        match words.encode_utf16().count() {
            1..=CARRIES => Action::LogThis(words.to_owned()),
            _ => Action::Log,
        }
    }

    /// The card it is about, which has to be loaded.
    pub fn card(&self) -> Option<&str> {
        match self {
            Action::EditCard(id)
            | Action::DeleteCard(id)
            | Action::RestoreCard(id)
            | Action::LogAgain(id)
            | Action::Confirm(id)
            | Action::TellMore(id)
            | Action::Place(id, _)
            | Action::ShowCard(id) => Some(id),
            _ => None,
        }
    }

    /// The name, for routing, and the rest, for the action itself.
    pub fn encode(&self) -> (&'static str, String) {
        let skill = |skill: &Option<PromptId>| skill.as_ref().map_or(String::new(), PromptId::to_string);
        match self {
            Action::Today => ("today", String::new()),
            Action::Help => ("help", String::new()),
            Action::Tip(id) => ("tip", skill(id)),
            Action::Challenge(id) => ("challenge", skill(id)),
            Action::Show(id) => ("show", id.to_string()),
            Action::TakeOn(id) => ("take-on", id.to_string()),
            Action::NotUseful(id) => ("not-useful", id.to_string()),
            Action::Done(id) => ("done", skill(id)),
            Action::Log => ("log", String::new()),
            Action::LogThis(words) => ("log-this", words.clone()),
            Action::Drop(id) => ("drop", id.clone()),
            Action::EditCard(id) => ("edit-card", id.clone()),
            Action::DeleteCard(id) => ("delete-card", id.clone()),
            Action::RestoreCard(id) => ("restore-card", id.clone()),
            Action::LogAgain(id) => ("log-again", id.clone()),
            Action::NudgesOn => ("nudges-on", String::new()),
            Action::NudgesOff => ("nudges-off", String::new()),
            Action::Rhythm => ("rhythm", String::new()),
            Action::Every(weeks) => ("every", weeks.to_string()),
            Action::Later(week, id) => ("later", format!("{week} {id}")),
            Action::RemindOn(week, id, date) => ("remind-on", format!("{week} {id} {date}")),
            Action::NotRelevant(id) => ("not-relevant", id.to_string()),
            Action::RemindDate(week, id) => ("remind-date", format!("{week} {id}")),
            Action::TalkBooked => ("talk-booked", String::new()),
            Action::Talked => ("talked", String::new()),
            Action::TalkOver => ("talk-over", String::new()),
            Action::StopHere => ("stop-here", String::new()),
            Action::Settings => ("settings", String::new()),
            Action::ForgetMe => ("forget-me", String::new()),
            Action::KeepMe => ("keep-me", String::new()),
            Action::Begin => ("begin", String::new()),
            Action::NotNow(id) => ("not-now", skill(id)),
            Action::NeverAsk(id) => ("never-ask", skill(id)),
            Action::Confirm(id) => ("confirm", id.clone()),
            Action::TellMore(id) => ("tell-more", id.clone()),
            Action::Place(id, at) => ("place", format!("{at} {id}")),
            Action::Cards(page, words) => ("cards", format!("{page} {words}")),
            Action::ShowCard(id) => ("show-card", id.clone()),
            Action::Assess(id) => ("assess", skill(id)),
            Action::AssessAll => ("assess-all", String::new()),
            Action::Park(id) => ("park", id.clone()),
            Action::Swap(id) => ("swap", id.clone()),
            Action::Resume(id) => ("resume", id.clone()),
            Action::Challenges => ("challenges", String::new()),
            Action::Progress => ("progress", String::new()),
            Action::Picture => ("picture", String::new()),
            Action::Case => ("case", String::new()),
            Action::CaseExport => ("case-export", String::new()),
            Action::Export => ("export", String::new()),
            Action::HomeCards(page) => ("home-cards", page.to_string()),
            Action::Rehearse(id) => ("rehearse", id.to_string()),
            Action::Aloud(run, n) => ("aloud", format!("{run} {n}")),
            Action::Score(run, n, score) => ("score", format!("{run} {n} {score}")),
            Action::StopRehearsal(run) => ("stop-rehearsal", run.clone()),
        }
    }

    /// None for what no button of ours ever said.
    pub fn decode(name: &str, rest: &str) -> Option<Action> {
        let id = || (!rest.is_empty()).then(|| PromptId::new(rest));
        let mut words = rest.split(' ');
        Some(match name {
            "today" => Action::Today,
            "help" => Action::Help,
            "tip" => Action::Tip(id()),
            "challenge" => Action::Challenge(id()),
            "show" => Action::Show(id()?),
            "take-on" => Action::TakeOn(id()?),
            "not-useful" => Action::NotUseful(id()?),
            "done" => Action::Done(id()),
            "log" => Action::Log,
            "log-this" => Action::LogThis(rest.to_owned()),
            "drop" => Action::Drop(rest.to_owned()),
            "edit-card" => Action::EditCard(rest.to_owned()),
            "delete-card" => Action::DeleteCard(rest.to_owned()),
            "restore-card" => Action::RestoreCard(rest.to_owned()),
            "log-again" => Action::LogAgain(rest.to_owned()),
            "nudges-on" => Action::NudgesOn,
            "nudges-off" => Action::NudgesOff,
            "rhythm" => Action::Rhythm,
            "every" => Action::Every(rest.parse().ok().filter(|weeks| (1..=12).contains(weeks))?),
            "later" => Action::Later(Week::parse(words.next()?)?, PromptId::new(words.next()?)),
            "remind-on" => Action::RemindOn(
                Week::parse(words.next()?)?,
                PromptId::new(words.next()?),
                words.next()?.parse().ok()?,
            ),
            "not-relevant" => Action::NotRelevant(id()?),
            "remind-date" => Action::RemindDate(Week::parse(words.next()?)?, PromptId::new(words.next()?)),
            "talk-booked" => Action::TalkBooked,
            "talked" => Action::Talked,
            "talk-over" => Action::TalkOver,
            "stop-here" => Action::StopHere,
            "settings" => Action::Settings,
            "forget-me" => Action::ForgetMe,
            "keep-me" => Action::KeepMe,
            "begin" => Action::Begin,
            "not-now" => Action::NotNow(id()),
            "never-ask" => Action::NeverAsk(id()),
            "confirm" => Action::Confirm(rest.to_owned()),
            "tell-more" => Action::TellMore(rest.to_owned()),
            "place" => {
                let (at, id) = rest.split_once(' ')?;
                Action::Place(id.to_owned(), at.parse().ok().filter(|at| (1..=3).contains(at))?)
            }
            "cards" => {
                let (page, words) = rest.split_once(' ')?;
                Action::Cards(page.parse().ok()?, words.to_owned())
            }
            "show-card" => Action::ShowCard(rest.to_owned()),
            "assess" => Action::Assess(id()),
            "assess-all" => Action::AssessAll,
            "park" => Action::Park(rest.to_owned()),
            "swap" => Action::Swap(rest.to_owned()),
            "resume" => Action::Resume(rest.to_owned()),
            "challenges" => Action::Challenges,
            "progress" => Action::Progress,
            "picture" => Action::Picture,
            "case" => Action::Case,
            "case-export" => Action::CaseExport,
            "export" => Action::Export,
            "rehearse" => Action::Rehearse(id()?),
            "aloud" => Action::Aloud(words.next()?.to_owned(), words.next()?.parse().ok()?),
            "score" => Action::Score(
                words.next()?.to_owned(),
                words.next()?.parse().ok()?,
                Score::parse(words.next()?)?,
            ),
            "stop-rehearsal" => Action::StopRehearsal(rest.to_owned()),
            "home-cards" => Action::HomeCards(rest.parse().ok()?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_comes_back_as_it_was_written() {
        let id = PromptId::new("seam-map");
        let week = Week::parse("2026-W10").unwrap();
        for action in [
            Action::Today,
            Action::Tip(None),
            Action::Tip(Some(id.clone())),
            Action::Challenge(None),
            Action::Show(id.clone()),
            Action::TakeOn(id.clone()),
            Action::NotUseful(id.clone()),
            Action::Done(None),
            Action::Done(Some(id.clone())),
            Action::LogThis("Wrote  the memo \u{2013} 🙂".into()),
            Action::EditCard("abc".into()),
            Action::Every(2),
            Action::Later(week, id.clone()),
            Action::RemindOn(week, id.clone(), jiff::civil::date(2026, 3, 5)),
            Action::RemindDate(week, id.clone()),
            Action::TalkBooked,
            Action::Talked,
            Action::TalkOver,
            Action::StopHere,
            Action::NotRelevant(id),
            Action::ForgetMe,
            Action::NotNow(None),
            Action::Place("abc".into(), 3),
            Action::Cards(2, "market fluency".into()),
            Action::Cards(0, String::new()),
            Action::Assess(Some(PromptId::new("want-it"))),
            Action::CaseExport,
            Action::HomeCards(3),
            Action::Rehearse(PromptId::new("promotion-offer")),
            Action::Aloud("abc".into(), 2),
            Action::Score("abc".into(), 2, Score { proof: 2, brevity: 0, limit: 1 }),
            Action::StopRehearsal("abc".into()),
        ] {
            let (name, rest) = action.encode();
            assert_eq!(Action::decode(name, &rest), Some(action));
        }
    }

    #[test]
    fn what_no_button_said_is_nothing() {
        for (name, rest) in [
            ("", ""),
            ("explode", "now"),
            ("every", "0"),
            ("every", "x"),
            ("later", "2026-W99 x"),
            ("show", ""),
        ] {
            assert_eq!(Action::decode(name, rest), None, "{name} {rest}");
        }
    }
}
