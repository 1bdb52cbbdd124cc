//! How much somebody hears from the coach without asking: at most two messages a week, whatever they are.
//!
//! The weekly nudge goes before what events bring, and what somebody asked to be reminded of goes before
//! both. What finds no room waits for the next week, and is dropped when it would be stale by then.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::Scene;
use super::say;
use super::week::{self, Week};

/// Nudges, reminders and events together.
pub const A_WEEK: usize = 2;

/// Something that went, or waits to go, to somebody without their asking for it at the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letter {
    pub kind: LetterKind,
    /// When it went; when it is due, while it waits.
    pub at: Timestamp,
    pub sent: bool,
    /// The week whose nudge it is, or repeats.
    pub week: Option<Week>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterKind {
    Weekly,
    Reminder,
    Event,
}

/// When something that an event brings may go: now, or the next time that has room for it. It leaves a day on
/// which the weekly nudge comes to that nudge, unless the day is the last on which it is worth saying.
pub fn event_at(scene: &Scene, last_day: Date) -> Timestamp {
    let mut date = scene.today();
    for days in 0..60 {
        let week = Week::of(date);
        let taken = sent(scene, week)
            + waiting(scene, week, LetterKind::Reminder)
            + usize::from(expects_weekly(scene, week));
        let had_one = scene.person.letters.iter().any(|letter| letter.sent && day(scene, letter.at) == date);
        let same_day = had_one || (date < last_day && weekly_comes_on(scene, date));
        if taken < A_WEEK && !same_day {
            return if days == 0 { scene.now } else { usual_time(scene, date) };
        }
        date = if taken < A_WEEK { date.saturating_add(1.day()) } else { next_monday(week) };
    }
    usual_time(scene, date)
}

/// When a reminder that was asked for may go now that its time has come.
pub fn reminder_at(scene: &Scene) -> Timestamp {
    let week = Week::of(scene.today());
    if sent(scene, week) < A_WEEK { scene.now } else { usual_time(scene, next_monday(week)) }
}

/// The first day from this one on in whose week a reminder has room. `of` is the week of the nudge that it
/// repeats: the one that waits already will be moved, not doubled.
pub fn day_for_reminder(scene: &Scene, of: Week, wanted: Date) -> Date {
    let mut date = wanted;
    for _ in 0..8 {
        let week = Week::of(date);
        let others = scene
            .person
            .letters
            .iter()
            .filter(|letter| !letter.sent && letter.kind == LetterKind::Reminder && letter.week != Some(of))
            .filter(|letter| Week::of(day(scene, letter.at)) == week)
            .count();
        if sent(scene, week) + others + usize::from(expects_weekly(scene, week)) < A_WEEK {
            return date;
        }
        date = next_monday(week);
    }
    date
}

/// Whether this week has had all that it may have.
pub fn is_full(scene: &Scene) -> bool {
    sent(scene, Week::of(scene.today())) >= A_WEEK
}

fn sent(scene: &Scene, week: Week) -> usize {
    let is_in = |letter: &&Letter| letter.sent && Week::of(day(scene, letter.at)) == week;
    scene.person.letters.iter().filter(is_in).count()
}

fn waiting(scene: &Scene, week: Week, kind: LetterKind) -> usize {
    let is_in =
        |letter: &&Letter| !letter.sent && letter.kind == kind && Week::of(day(scene, letter.at)) == week;
    scene.person.letters.iter().filter(is_in).count()
}

/// Whether this week's nudge is still to come.
fn expects_weekly(scene: &Scene, week: Week) -> bool {
    let rhythm = &scene.person.rhythm;
    let planned = waiting(scene, week, LetterKind::Weekly) > 0;
    let coming = rhythm.next.is_some_and(|slot| {
        let weeks = week.since(slot.week);
        weeks >= 0 && weeks % i64::from(rhythm.every.max(1)) == 0
    });
    planned || coming
}

fn weekly_comes_on(scene: &Scene, date: Date) -> bool {
    let waits = |letter: &&Letter| !letter.sent && letter.kind == LetterKind::Weekly;
    let waiting = scene.person.letters.iter().filter(waits).map(|letter| letter.at);
    let next = scene.person.rhythm.next.map(|slot| slot.at);
    waiting.chain(next).any(|at| day(scene, at) == date)
}

fn day(scene: &Scene, at: Timestamp) -> Date {
    scene.person.zone.tz.to_datetime(at).date()
}

fn next_monday(week: Week) -> Date {
    week.monday().saturating_add(7.days())
}

/// That day, at the hour of their nudge.
pub fn usual_time(scene: &Scene, date: Date) -> Timestamp {
    let zone = &scene.person.zone;
    let (_, time) = say::own_slot(scene);
    week::resolve(&zone.tz, date.to_datetime(time)).unwrap_or(scene.now)
}
