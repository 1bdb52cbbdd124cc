//! Weeks, wall clocks and when the next nudge is due.
//!
//! `cron` decides on the wall clock; jiff with its bundled zone data makes the instant. Any other
//! division of the work was measured to lose or double weeks: cron's own zoned iterator drops a run
//! that falls into a spring gap, and the next version of it fires twice where an hour repeats.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, TimeZone as _, Timelike, Utc};
use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// An ISO week: Monday to Sunday, on somebody's wall calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    year: i16,
    week: i8,
}

impl Week {
    pub fn of(date: Date) -> Week {
        let iso = date.iso_week_date();
        Week { year: iso.year(), week: iso.week() }
    }

    /// Reads `2026-W10`.
    pub fn parse(text: &str) -> Option<Week> {
        let (year, week) = text.split_once("-W")?;
        let iso = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?;
        Some(Week { year: iso.year(), week: iso.week() })
    }

    /// The Monday that starts it.
    pub fn monday(self) -> Date {
        ISOWeekDate::new(self.year, self.week, Weekday::Monday)
            .expect("a Week is only ever made from an ISO week that exists")
            .date()
    }

    /// Whole weeks from the other to this one; negative when this one is earlier.
    pub fn since(self, other: Week) -> i64 {
        (self.monday() - other.monday()).get_days() as i64 / 7
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-W{:02}", self.year, self.week)
    }
}

/// When nudges come, by the wall clock.
#[derive(Clone, Debug)]
pub struct Weekly {
    times: Times,
}

#[derive(Clone, Debug)]
enum Times {
    /// Cron text with six fields, seconds first.
    Cron(Box<cron::Schedule>),
    /// Once a week. The same as cron text with this day and time, and fifty times as quick.
    On(Weekday, Time),
}

/// One firing: the instant, what the wall clock was meant to show, and the ISO week of that wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub at: Timestamp,
    pub wall: DateTime,
    pub week: Week,
}

impl Weekly {
    /// Refuses day numbers: cron says 1 for Sunday, crontab says 1 for Monday, and nobody finds out
    /// until a nudge comes on the wrong day.
    ///
    /// # Errors
    /// A sentence for whoever wrote the setting.
    pub fn parse(text: &str) -> Result<Weekly, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        if fields.len() != 6 {
            return Err(format!(
                "\"{text}\" has {} fields; six are needed: second, minute, hour, day of month, month, weekday. \
                 For Wednesdays at ten write \"0 0 10 * * Wed\".",
                fields.len()
            ));
        }
        if fields[5].bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(format!(
                "\"{text}\" names the weekday by number, which means different days to different programs; \
                 write it by name, such as Wed or Mon-Fri."
            ));
        }
        let schedule = cron::Schedule::from_str(text).map_err(|error| {
            format!("\"{text}\" is not a schedule: {error}. For Wednesdays at ten write \"0 0 10 * * Wed\".")
        })?;
        let weekly = Weekly { times: Times::Cron(Box::new(schedule)) };
        let any = "2024-01-01T00:00:00Z".parse().expect("a constant instant");
        match weekly.next_after(&TimeZone::UTC, any) {
            Some(_) => Ok(weekly),
            None => Err(format!("\"{text}\" never comes; look at the day of the month and the month.")),
        }
    }

    pub fn on(day: Weekday, time: Time) -> Weekly {
        Weekly { times: Times::On(day, time) }
    }

    /// The first firing strictly after an instant. A wall time inside a gap moves forward with the
    /// clock; one inside a repeated hour fires at its first coming only.
    pub fn next_after(&self, zone: &TimeZone, after: Timestamp) -> Option<Due> {
        self.firings(zone, after).next()
    }

    /// Every firing strictly after an instant, in order.
    pub fn firings<'a>(&'a self, zone: &'a TimeZone, after: Timestamp) -> impl Iterator<Item = Due> + 'a {
        // A wall clock can jump a whole day (Apia, 2011), so the search starts two days back on the
        // wall and skips what has already been: that finds the firing a gap has pushed past `after`.
        let wall = zone.to_datetime(after).saturating_sub(48.hours());
        self.walls(wall)
            .map_while(move |wall| {
                let at = resolve(zone, wall)?;
                Some(Due { at, wall, week: Week::of(wall.date()) })
            })
            .filter(move |due| due.at > after)
    }

    /// What the wall shows at each firing after that wall time.
    fn walls(&self, after: DateTime) -> Box<dyn Iterator<Item = DateTime> + '_> {
        match &self.times {
            Times::Cron(schedule) => Box::new(cron_walls(schedule, after)),
            Times::On(day, time) => {
                let ahead = after.date().weekday().until(*day);
                let first = after.date().checked_add(i64::from(ahead).days()).ok();
                let dates = std::iter::successors(first, |date| date.checked_add(7.days()).ok());
                Box::new(dates.map(|date| date.to_datetime(*time)).skip_while(move |wall| *wall <= after))
            }
        }
    }
}

fn cron_walls(schedule: &cron::Schedule, after: DateTime) -> impl Iterator<Item = DateTime> + '_ {
    let from = Utc
        .with_ymd_and_hms(
            after.year().into(),
            after.month() as u32,
            after.day() as u32,
            after.hour() as u32,
            after.minute() as u32,
            after.second() as u32,
        )
        .single();
    from.into_iter().flat_map(|from| schedule.after_owned(from)).filter_map(|fired| {
        Some(DateTime::constant(
            i16::try_from(fired.year()).ok()?,
            fired.month() as i8,
            fired.day() as i8,
            fired.hour() as i8,
            fired.minute() as i8,
            fired.second() as i8,
            0,
        ))
    })
}

/// The instant at which this wall clock shows this time: a gap moves forward, a repeat is its first.
pub fn resolve(zone: &TimeZone, wall: DateTime) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(wall).compatible().ok()
}

/// The next instant, this one included, at which it is between 08:00 and 18:00 there.
pub fn next_waking_hour(zone: &TimeZone, from: Timestamp) -> Timestamp {
    let wall = zone.to_datetime(from);
    let (morning, evening) = (Time::constant(8, 0, 0, 0), Time::constant(18, 0, 0, 0));
    if wall.time() >= morning && wall.time() < evening {
        return from;
    }
    let date = if wall.time() < morning { wall.date() } else { wall.date().saturating_add(1.day()) };
    resolve(zone, date.to_datetime(morning))
        .filter(|&at| at > from)
        .unwrap_or(from + SignedDuration::from_hours(1))
}

pub fn day_short(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

pub fn day_long(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZoneDatabase;

    fn zone(name: &str) -> TimeZone {
        TimeZoneDatabase::bundled().get(name).unwrap()
    }

    fn check(cron: &str, name: &str, after: &str, expected: &str) {
        let due = Weekly::parse(cron).unwrap().next_after(&zone(name), after.parse().unwrap()).unwrap();
        let shown = format!("{} {}", due.at.to_zoned(zone(name)).strftime("%F %H:%M %:z"), due.week);
        assert_eq!(shown, expected, "{cron} in {name} after {after}");
    }

    #[test]
    fn the_next_firing_is_at_the_chosen_wall_time() {
        check("0 0 10 * * Wed", "Europe/Berlin", "2026-03-02T08:00:00Z", "2026-03-04 10:00 +01:00 2026-W10");
        check("0 0 10 * * Wed", "Europe/Berlin", "2026-03-04T09:00:00Z", "2026-03-11 10:00 +01:00 2026-W11");
        check("0 30 9 * * Tue", "Asia/Kathmandu", "2026-03-02T08:00:00Z", "2026-03-03 09:30 +05:45 2026-W10");
    }

    #[test]
    fn a_gap_moves_the_firing_forward_even_when_asked_from_inside_it() {
        check("0 30 2 * * Sun", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29 03:30 +02:00 2026-W13");
        check("0 30 2 * * Sun", "Europe/Berlin", "2026-03-29T01:10:00Z", "2026-03-29 03:30 +02:00 2026-W13");
        check(
            "0 15 2 * * Sun",
            "Australia/Lord_Howe",
            "2026-10-03T00:00:00Z",
            "2026-10-04 02:45 +11:00 2026-W40",
        );
    }

    #[test]
    fn a_repeated_hour_counts_once() {
        check("0 30 2 * * Sun", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25 02:30 +02:00 2026-W43");
        check("0 30 2 * * Sun", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-11-01 02:30 +01:00 2026-W44");
        check("0 30 2 * * Sun", "Europe/Berlin", "2026-10-25T01:10:00Z", "2026-11-01 02:30 +01:00 2026-W44");
    }

    #[test]
    fn a_day_that_a_country_skipped_moves_forward() {
        check("0 0 9 * * Fri", "Pacific/Apia", "2011-12-29T12:00:00Z", "2011-12-31 09:00 +14:00 2011-W52");
    }

    #[test]
    fn cron_text_that_would_surprise_somebody_is_refused() {
        for (text, says) in [
            ("0 10 * * Wed", "has 5 fields"),
            ("0 0 10 * * 3", "by number"),
            ("0 0 10 * * Wedd", "not a schedule"),
            ("0 0 10 30 Feb *", "never comes"),
        ] {
            let error = Weekly::parse(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn a_day_and_a_time_are_what_cron_makes_of_them() {
        for name in
            ["Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Africa/Cairo"]
        {
            let zone = zone(name);
            for (n, day) in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].into_iter().enumerate() {
                for (hour, minute) in [(0, 0), (2, 30), (2, 59), (10, 0), (23, 59)] {
                    let after = "2010-12-30T22:30:00Z".parse().unwrap();
                    let own = Weekly::on(
                        Weekday::from_monday_zero_offset(n as i8).unwrap(),
                        Time::constant(hour, minute, 0, 0),
                    );
                    let cron = Weekly::parse(&format!("0 {minute} {hour} * * {day}")).unwrap();
                    let own: Vec<Due> = own.firings(&zone, after).take(120).collect();
                    assert_eq!(
                        own,
                        cron.firings(&zone, after).take(120).collect::<Vec<_>>(),
                        "{day} {hour} {name}"
                    );
                }
            }
        }
    }

    #[test]
    fn late_nudges_wait_for_working_hours() {
        let berlin = zone("Europe/Berlin");
        for (from, expected) in [
            ("2026-03-04T10:00:00+01:00", "2026-03-04T10:00:00+01:00"),
            ("2026-03-04T06:00:00+01:00", "2026-03-04T08:00:00+01:00"),
            ("2026-03-04T18:00:00+01:00", "2026-03-05T08:00:00+01:00"),
            ("2026-03-28T23:00:00+01:00", "2026-03-29T08:00:00+02:00"),
        ] {
            let at: Timestamp = from.parse().unwrap();
            assert_eq!(next_waking_hour(&berlin, at), expected.parse::<Timestamp>().unwrap(), "{from}");
        }
    }

    #[test]
    fn weeks_count_across_a_new_year() {
        let week = |text: &str| Week::parse(text).unwrap();
        assert_eq!(week("2027-W01").since(week("2026-W53")), 1);
        assert_eq!(week("2026-W10").since(week("2026-W12")), -2);
        assert_eq!(Week::of(jiff::civil::date(2027, 1, 3)).to_string(), "2026-W53");
        assert_eq!(Week::parse("2026-W54"), None);
    }
}
