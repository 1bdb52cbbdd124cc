//! A weekly challenge for everybody in a channel: a cohort does one thing each week, and each does it in
//! private.

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::dates::show_time;
use super::library::{Detail, Kind, Library, Prompt, PromptId};
use super::reply::{Button, Reply};
use super::rhythm::{self, Fate, Rhythm, Slot};
use super::week::{Week, Weekly, day_long};
use super::{Action, Change, Outcome, Scene, pick, say};

#[derive(Clone, Debug, PartialEq)]
pub struct ChannelNudge {
    pub channel: String,
    /// A user id; empty once they have asked to be forgotten.
    pub set_by: String,
    pub day: Weekday,
    pub time: Time,
    /// The zone of whoever set it up, at the time.
    pub zone: String,
    pub last_week: Option<Week>,
    pub next: Option<Slot>,
}

/// The channel in which somebody says something, and its challenge, if it has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub channel: String,
    pub nudge: Option<ChannelNudge>,
    /// The last week that has had its slot here, also before the challenge was stopped.
    pub last_week: Option<Week>,
}

impl ChannelNudge {
    fn zone(&self) -> TimeZone {
        TimeZoneDatabase::bundled().get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// The slots that have come due, and where that leaves it. The same rules as for a person's nudge,
    /// except that nobody can be said to ignore it.
    pub fn come_due(&mut self, now: Timestamp) -> Vec<(Slot, Fate)> {
        let mut rhythm = self.rhythm();
        let spread = pick::hash(&self.channel);
        let fates = rhythm.come_due(&self.weekly(), &self.zone(), spread, now);
        self.last_week = rhythm.last_week;
        self.next = rhythm.next;
        fates
    }

    /// The next slot from now on, after the last week that had its own.
    pub fn plan_anew(&mut self, last_week: Option<Week>, now: Timestamp) {
        let mut rhythm = Rhythm { last_week, ..self.rhythm() };
        rhythm.replan(&self.weekly(), &self.zone(), now);
        self.last_week = rhythm.last_week;
        self.next = rhythm.next;
    }

    /// When a challenge that is late may come, where it is night now.
    pub fn after_the_night(&self, meant_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
        rhythm::after_the_night(&self.zone(), meant_at, now)
    }

    fn weekly(&self) -> Weekly {
        Weekly::on(self.day, self.time)
    }

    fn rhythm(&self) -> Rhythm {
        Rhythm { on: true, last_week: self.last_week, next: self.next, ..Rhythm::default() }
    }

    /// "Mondays at 09:00, Europe/Berlin time".
    fn when(&self) -> String {
        format!("{}s at {}, {} time", day_long(self.day), show_time(self.time), self.zone)
    }
}

/// The challenge of a week in a channel: none comes again until all have been there.
pub fn challenge<'a>(library: &'a Library, channel: &str, week: Week) -> Option<&'a Prompt> {
    let mut all: Vec<&Prompt> = library.of(Kind::Challenge).collect();
    all.sort_by_key(|prompt| pick::hash(&format!("{channel}/{}", prompt.id)));
    let weeks = week.since(Week::of(jiff::civil::date(2024, 1, 1)));
    let at = weeks.rem_euclid(i64::try_from(all.len()).ok().filter(|n| *n > 0)?);
    all.get(usize::try_from(at).ok()?).copied()
}

/// `nudge here <day> <time>`: from now on.
pub fn set(scene: &Scene, day: Weekday, time: Time) -> Outcome {
    let Some(here) = scene.here else { return nowhere(scene) };
    if here.channel.starts_with('D') {
        return nowhere(scene);
    }
    let zone = &scene.person.zone;
    let mut nudge = ChannelNudge {
        channel: here.channel.clone(),
        set_by: scene.person.id.user.clone(),
        day,
        time,
        zone: zone.name.clone(),
        last_week: here.nudge.as_ref().and_then(|nudge| nudge.last_week).max(here.last_week),
        next: None,
    };
    nudge.plan_anew(nudge.last_week, scene.now);
    let is_as_before = |before: &ChannelNudge| {
        (before.day, before.time, &before.zone) == (nudge.day, nudge.time, &nudge.zone)
            && !before.set_by.is_empty()
    };
    if here.nudge.as_ref().is_some_and(is_as_before) {
        // Said twice, it is announced once.
        return show(scene);
    }
    let first = nudge
        .next
        .map_or(String::new(), |slot| format!(" The first comes on {}.", say::moment(zone, slot.at)));
    let reply = Reply::headed("A weekly challenge for this channel")
        .and_text(format!("It comes on {}.{first}", nudge.when()))
        .and_text(format!(
            "I am trying to say so in the channel, with your name and how anyone can stop it: {} or the button. Should I \
             not be in the channel yet, I write to you, and it is not set up.",
            scene.code("nudge here off")
        ))
        .and_note("What somebody takes on from there, and what they log, stays between them and me.");
    Outcome::say(reply).with(Change::ChannelNudge(nudge))
}

/// `nudge here off`: whoever says it, if only they are there.
pub fn stop(scene: &Scene) -> Outcome {
    let Some(here) = scene.here else { return nowhere(scene) };
    if here.nudge.is_none() {
        return Outcome::say(Reply::text(format!(
            "There is no weekly challenge in this channel. {} starts one.",
            scene.code("nudge here Mon 09:00")
        )));
    }
    let reply = Reply::text(format!(
        "The weekly challenge in this channel is stopped. {} starts it again.",
        scene.code("nudge here Mon 09:00")
    ));
    Outcome {
        aloud: Some(Reply::text(format!(
            "The weekly challenge here has been stopped. {} starts it again.",
            scene.code("nudge here Mon 09:00")
        ))),
        ..Outcome::say(reply).with(Change::StopChannelNudge(here.channel.clone()))
    }
}

/// `nudge here`: how it is.
pub fn show(scene: &Scene) -> Outcome {
    let nudge = scene.here.and_then(|here| here.nudge.as_ref());
    Outcome::say(match nudge {
        None => Reply::text(format!(
            "This channel has no weekly challenge. {} posts one for everybody here, every Monday at nine by your clock.",
            scene.code("nudge here Mon 09:00")
        )),
        Some(nudge) => Reply::text(format!(
            "This channel gets a challenge on {}. {} stops it; anyone here can do that.",
            nudge.when(),
            scene.code("nudge here off")
        )),
    })
}

fn nowhere(scene: &Scene) -> Outcome {
    Outcome::say(Reply::text(format!(
        "That works in a channel: say {} there. Here, {} sets your own weekly nudge.",
        scene.code("nudge here Mon 09:00"),
        scene.code("nudge")
    )))
}

/// What the channel is told at the start: who set it up, and how anyone can stop it.
pub fn hello(command: &str, nudge: &ChannelNudge, name: Option<&str>) -> Reply {
    Reply::headed("A weekly challenge for this channel")
        .and_text(format!(
            "From now on one comes here on {}. Taking it on is between you and me: nobody here sees who does, or what \
             they write.",
            nudge.when()
        ))
        .and_buttons(vec![Button::new("Stop this", Action::StopHere)])
        .and_note(who(command, name))
}

/// One week's challenge, for everybody there.
pub fn message(command: &str, prompt: &Prompt, name: Option<&str>) -> Reply {
    let words = |text: &str| say::for_anyone(command, text);
    let reply = Reply::headed(format!("This week: {}", prompt.title));
    let reply = match &prompt.detail {
        Detail::Challenge(challenge) => {
            let first = challenge.steps.first().map(|step| words(step)).unwrap_or_default();
            reply
                .and_text(words(&challenge.goal))
                .and_text(format!("**First step:** {first}"))
                .and_text(format!("**Done when:** {}", words(&challenge.done_when)))
        }
        _ => reply.and_text(words(&prompt.body)),
    };
    reply
        .and_note(format!("Why: {}", words(&prompt.why)))
        .and_buttons(vec![
            Button::primary("Take it on", Action::TakeOn(prompt.id.clone())),
            Button::new("Stop this", Action::StopHere),
        ])
        .and_note(format!(
            "Taking it on is private: only you see the form and what follows. {}",
            who(command, name)
        ))
}

fn who(command: &str, name: Option<&str>) -> String {
    let by = match name {
        Some(name) => format!("Set up by {}.", say::shield(name)),
        None => "Whoever set this up has left the coach.".to_owned(),
    };
    format!("{by} Anyone here can stop it, with the button or `{command} nudge here off`.")
}

/// What whoever set it up is told when the channel cannot be posted to.
pub fn cannot_post(command: &str, code: &str) -> Reply {
    let again = format!("`{command} nudge here Mon 09:00`");
    Reply::text(match code {
        "not_in_channel" | "channel_not_found" => format!(
            "I could not post the weekly challenge, because I am not in that channel. Invite me there with `/invite` \
             and say {again} once more, with your day and time. Until then nothing is set up."
        ),
        "is_archived" => {
            "The channel with your weekly challenge has been archived, so I have stopped it.".to_owned()
        }
        _ => format!(
            "Slack does not let me post in the channel with your weekly challenge ({code}), so I have stopped it. \
             When that has been mended, {again} starts it again."
        ),
    })
}

/// The week's prompt, where it is still in the library.
pub fn prompt<'a>(library: &'a Library, id: Option<&PromptId>) -> Option<&'a Prompt> {
    id.and_then(|id| library.get(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_has_every_challenge_once_before_any_comes_again() {
        let library = Library::new(Vec::new());
        assert_eq!(
            challenge(&library, "C1", Week::of(jiff::civil::date(2026, 3, 2))).map(|prompt| &prompt.id),
            None
        );
    }
}
