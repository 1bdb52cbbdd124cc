//! Dates, days and times as people type them.

use jiff::civil::{Date, Time, Weekday};
use jiff::{Span, ToSpan};

use super::week::{day_long, day_short};

/// Reads "2026-03-03", "3 March", "3.3.", "Mar 3 2027", "3.3.2027", "Friday", "tomorrow", "in 2 weeks", "next
/// week". A day and month without a year means the next such day after today. Not "3/4": half of the world means
/// April by it, and half March.
pub fn parse_date(text: &str, today: Date) -> Option<Date> {
    let text = text.trim().trim_end_matches('.').to_lowercase().replace(',', " ");
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    let words: Vec<&str> =
        text.split_whitespace().filter(|word| !matches!(*word, "on" | "the" | "of")).collect();
    if let Some(date) = dotted(&words.concat(), today) {
        return Some(date);
    }
    match words.as_slice() {
        ["today"] => Some(today),
        ["tomorrow"] => Some(today.saturating_add(1.day())),
        ["next", "week"] => Some(next_weekday(today, Weekday::Monday)),
        ["next", "month"] => today.first_of_month().checked_add(1.month()).ok(),
        ["next", day] | [day] if parse_day(day).is_some() => Some(next_weekday(today, parse_day(day)?)),
        ["in", n, unit] => {
            let n: u16 = if matches!(*n, "a" | "one") { 1 } else { n.parse().ok()? };
            let span = match unit.trim_end_matches('s') {
                "day" => i64::from(n).days(),
                "week" => i64::from(n).weeks(),
                "month" => i64::from(n).months(),
                _ => return None,
            };
            today.checked_add(span).ok()
        }
        [a, b] => day_and_month(a, b).and_then(|(day, month)| next_such_day(today, day, month)),
        [a, b, year] => {
            let (day, month) = day_and_month(a, b)?;
            Date::new(year.parse().ok()?, month, day).ok()
        }
        _ => None,
    }
}

/// "3.4.", "3.4", "3.4.2027", "3.4.27": with dots the day comes first everywhere.
fn dotted(text: &str, today: Date) -> Option<Date> {
    let numbers: Vec<&str> = text.trim_end_matches('.').split('.').collect();
    match numbers.as_slice() {
        [day, month] => next_such_day(today, day.parse().ok()?, month.parse().ok()?),
        [day, month, year] => {
            let year: i16 = match year.len() {
                2 => 2000 + year.parse::<i16>().ok()?,
                _ => year.parse().ok()?,
            };
            Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
        }
        _ => None,
    }
}

fn next_such_day(today: Date, day: i8, month: i8) -> Option<Date> {
    let this_year = Date::new(today.year(), month, day).ok().filter(|&date| date > today);
    this_year.or_else(|| Date::new(today.year() + 1, month, day).ok())
}

fn day_and_month(a: &str, b: &str) -> Option<(i8, i8)> {
    let day = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = &word[digits.len()..];
        matches!(ending, "" | "st" | "nd" | "rd" | "th").then(|| digits.parse().ok()).flatten()
    };
    match (day(a), month(b), month(a), day(b)) {
        (Some(day), Some(month), _, _) | (_, _, Some(month), Some(day)) => Some((day, month)),
        _ => None,
    }
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_lowercase();
    (word.len() >= 3)
        .then(|| MONTHS.iter().position(|month| month.starts_with(&word)))
        .flatten()
        .map(|at| at as i8 + 1)
}

fn next_weekday(today: Date, day: Weekday) -> Date {
    today.nth_weekday(1, day).unwrap_or(today)
}

/// Reads "2", "two", "a": up to fifteen in words.
pub fn parse_number(word: &str) -> Option<u32> {
    const NUMBERS: [&str; 15] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen",
    ];
    let word = word.to_lowercase();
    match word.as_str() {
        "a" | "an" => Some(1),
        word => word
            .parse()
            .ok()
            .or_else(|| NUMBERS.iter().position(|number| *number == word).map(|at| at as u32 + 1)),
    }
}

/// How long something stretches, in days or more: "four weeks", "two to four weeks" (the longer), "ten working
/// days", "one quarter, a meeting each fortnight". None for what fits in a day, or has no beginning like that.
pub fn parse_span(text: &str) -> Option<Span> {
    let words: Vec<&str> = text.split([' ', ',', ';', '-', '–']).filter(|word| !word.is_empty()).collect();
    let (n, rest) = match words.as_slice() {
        [_, "to" | "or", n, rest @ ..] | [n, rest @ ..] => (i64::from(parse_number(n)?), rest),
        [] => return None,
    };
    let (is_working, rest) = match rest {
        ["working", rest @ ..] => (true, rest),
        _ => (false, rest),
    };
    match rest.first()?.trim_end_matches('s') {
        // Five of seven.
        "day" if is_working => Some((n * 7 / 5).days()),
        "day" => Some(n.days()),
        "week" => Some(n.weeks()),
        "fortnight" => Some((2 * n).weeks()),
        "month" => Some(n.months()),
        "quarter" => Some((3 * n).months()),
        "year" => Some(n.years()),
        _ => None,
    }
}

/// Reads "Tue", "tuesday", "tues", "Tuesdays".
pub fn parse_day(word: &str) -> Option<Weekday> {
    let word = word.to_lowercase();
    let word = word.strip_suffix("days").map_or(word.clone(), |stem| format!("{stem}day"));
    const DAYS: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    (word.len() >= 2)
        .then(|| DAYS.into_iter().find(|&day| day_long(day).to_lowercase().starts_with(&word)))
        .flatten()
}

/// Reads "09:30", "9.30", "9:30am", "4pm", "9", "noon".
pub fn parse_time(word: &str) -> Option<Time> {
    let word = word.to_lowercase();
    if word == "noon" {
        return Some(Time::constant(12, 0, 0, 0));
    }
    let (digits, half) = match word.strip_suffix("am").or(word.strip_suffix("pm")) {
        Some(digits) => (digits, Some(word.ends_with("pm"))),
        None => (word.trim_end_matches('h'), None),
    };
    let (hour, minute) = digits.split_once([':', '.', 'h']).unwrap_or((digits, "00"));
    if minute.len() != 2 || hour.is_empty() || hour.len() > 2 {
        return None;
    }
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// "Wed 4 March".
pub fn show_date(date: Date) -> String {
    format!("{} {}", day_short(date.weekday()), date.strftime("%-d %B"))
}

/// "4 March 2026".
pub fn show_date_with_year(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

pub fn show_time(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let today = date(2026, 3, 4); // a Wednesday
        let check =
            |text: &str, expected: Option<Date>| assert_eq!(parse_date(text, today), expected, "{text}");
        check("2026-03-20", Some(date(2026, 3, 20)));
        check("3 March", Some(date(2027, 3, 3)));
        check("20 mar", Some(date(2026, 3, 20)));
        check("March 20th, 2027", Some(date(2027, 3, 20)));
        check("the 1st of June", Some(date(2026, 6, 1)));
        check("Friday", Some(date(2026, 3, 6)));
        check("next wednesday", Some(date(2026, 3, 11)));
        check("tomorrow", Some(date(2026, 3, 5)));
        check("in 2 weeks", Some(date(2026, 3, 18)));
        check("next week", Some(date(2026, 3, 9)));
        check("20.3.", Some(date(2026, 3, 20)));
        check("on 3.3", Some(date(2027, 3, 3)));
        check("20. 3. 2027", Some(date(2027, 3, 20)));
        check("20.03.27", Some(date(2027, 3, 20)));
        check("31.2.", None);
        check("3/4", None);
        check("30 February", None);
        check("after the offsite", None);
        check("in 99999999999 weeks", None);
        check("ééé ü", None);
    }

    #[test]
    fn spans_are_read_as_the_library_writes_them() {
        let today = date(2026, 3, 4);
        let check = |text: &str, expected: Option<Date>| {
            assert_eq!(parse_span(text).map(|span| today.saturating_add(span)), expected, "{text}");
        };
        check("one week", Some(date(2026, 3, 11)));
        check("6 weeks", Some(date(2026, 4, 15)));
        check("six weeks", Some(date(2026, 4, 15)));
        check("two to four weeks", Some(date(2026, 4, 1)));
        check("two weeks, a few minutes a day", Some(date(2026, 3, 18)));
        check("ten working days", Some(date(2026, 3, 18)));
        check("one month", Some(date(2026, 4, 4)));
        check("one quarter, a meeting each fortnight", Some(date(2026, 6, 4)));
        check("thirteen weeks and the one before", Some(date(2026, 6, 3)));
        for text in [
            "",
            "one hour a month",
            "one sitting, or one question a day",
            "weekly",
            "again every eight weeks",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let check = |text: &str, expected: Option<(i8, i8)>| {
            assert_eq!(parse_time(text).map(|time| (time.hour(), time.minute())), expected, "{text}");
        };
        check("09:30", Some((9, 30)));
        check("9.30", Some((9, 30)));
        check("9:30am", Some((9, 30)));
        check("12am", Some((0, 0)));
        check("4PM", Some((16, 0)));
        check("9", Some((9, 0)));
        check("noon", Some((12, 0)));
        check("25:00", None);
        check("9:5", None);
        check("13pm", None);
        check("", None);
    }
}
