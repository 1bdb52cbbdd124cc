//! Tact: two messages a week at most, what somebody has begun, and a challenge for a whole channel.

use crate::chat::{Chat, Person};
use crate::nudges_proofs::run;

/// How many of somebody's direct messages have this in them.
fn dms_with(person: &Person, words: &str) -> usize {
    person.human.dms().iter().filter(|message| message.drawn.contains(words)).count()
}

#[tokio::test]
async fn later_can_be_a_date_and_the_last_word_counts() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("1 hour").await;
    let title = ana.latest_dm();
    ana.clicks("Later").await;
    ana.clicks("A date…").await;
    let answer = ana.submits([("On which day?", "2026-03-04")]).await;
    assert!(answer.body.contains("Choose a day to come"), "{}", answer.body);
    ana.submits([("On which day?", "2026-03-20")]).await;
    assert!(ana.reads().contains("Fri 20 March at 10:00"), "{}", ana.reads());
    // Thought better of it: the reminder moves, there is no second one.
    ana.clicks("Tomorrow").await;
    assert!(ana.reads().contains("Thu 5 March at 10:00"), "{}", ana.reads());
    chat.passes("1 day").await;
    assert_eq!(ana.latest_dm(), title);
    ana.says("/coach nudge off").await;
    let before = ana.human.dms().len();
    chat.passes("3 weeks").await;
    assert_eq!(ana.human.dms().len(), before);
    chat.ends().await;
}

#[tokio::test]
async fn a_week_has_two_messages_at_most_and_says_so_when_a_third_is_asked_for() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("1 hour").await;
    ana.clicks("Later").await;
    ana.clicks("Tomorrow").await;
    chat.passes("1 day").await;
    assert_eq!(ana.human.dms().len(), 2, "the nudge and its reminder");
    ana.clicks("Later").await;
    ana.clicks("In three days").await;
    assert!(ana.reads().contains("That week has its two messages already"), "{}", ana.reads());
    assert!(ana.reads().contains("Mon 9 March"), "{}", ana.reads());
    chat.passes("3 days").await;
    assert_eq!(ana.human.dms().len(), 2);
    chat.passes("7 days").await;
    assert_eq!(ana.human.dms().len(), 4, "the reminder on Monday and the nudge on Wednesday");
    chat.ends().await;
}

#[tokio::test]
async fn a_challenge_has_one_reminder_on_its_day_and_a_word_after_ten_quiet_ones() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([
        ("Your plan: if it is …, then I will …", "If it is Tuesday, then I draw it."),
        ("Done by", "2026-03-06"),
    ])
    .await;
    chat.passes("5 days").await;
    assert_eq!(dms_with(&ana, "Today is the day you set"), 1, "{}", chat.transcript());
    assert!(ana.reads().contains("If it is Tuesday, then I draw it."), "{}", ana.reads());
    chat.passes("7 days").await;
    assert_eq!(
        dms_with(&ana, "Ten quiet days for your challenge: Draw where your users fall between teams"),
        1
    );
    ana.clicks("Set it aside").await;
    chat.passes("3 weeks").await;
    assert_eq!(dms_with(&ana, "Ten quiet days"), 0, "it was replaced by the answer, and did not come again");

    // Done in time: neither comes.
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I draw it.")]).await;
    ana.says("/coach done Drew it with Dana").await;
    let before = (dms_with(&ana, "Today is the day you set"), dms_with(&ana, "Ten quiet days"));
    chat.passes("3 weeks").await;
    assert_eq!((dms_with(&ana, "Today is the day you set"), dms_with(&ana, "Ten quiet days")), before);
    let reasons =
        chat.texts("SELECT DISTINCT reason FROM jobs WHERE kind = 'event' AND outcome = 'skipped'").await;
    assert!(reasons.contains(&"the challenge is over".to_owned()), "{reasons:?}");
    chat.ends().await;
}

#[tokio::test]
async fn a_challenge_that_is_due_on_the_day_of_the_nudge_has_its_word_the_day_after() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("2 days").await;
    chat.passes("2 hours").await;
    assert_eq!(ana.human.dms().len(), 1);
    // Under Wednesday's nudge, with the day that the form proposes: the Wednesday after.
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I draw it.")]).await;
    assert!(ana.reads().contains("by Wed 11 March"), "{}", ana.reads());
    let before = ana.human.dms().len();
    chat.passes("7 days").await;
    assert_eq!(ana.human.dms().len(), before + 1, "the nudge has its day to itself: {}", chat.transcript());
    assert_eq!(dms_with(&ana, "the day you set"), 0);
    chat.passes("1 day").await;
    assert_eq!(ana.human.dms().len(), before + 2);
    assert_eq!(dms_with(&ana, "Wed 11 March was the day you set"), 1, "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn what_cannot_wait_comes_on_the_day_of_the_nudge_too() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    ana.says("/coach script manager").await;
    ana.clicks("Booked").await;
    // Its eve is Wednesday, and on Thursday "tomorrow" would be wrong.
    ana.submits([("When do you talk with your manager?", "2026-03-05")]).await;
    chat.passes("3 days").await;
    assert_eq!(dms_with(&ana, "You meet your manager tomorrow"), 1, "{}", chat.transcript());
    let nudges = chat.count("SELECT COUNT(*) FROM jobs WHERE kind = 'nudge' AND outcome = 'sent'").await;
    assert_eq!(nudges, 1);
    chat.ends().await;
}

#[tokio::test]
async fn a_challenge_that_is_taken_up_again_has_a_word_on_its_new_day() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([
        ("Your plan: if it is …, then I will …", "If it is Tuesday, then I draw it."),
        ("Done by", "2026-03-06"),
    ])
    .await;
    ana.says("/coach challenge list").await;
    ana.clicks("Park it").await;
    chat.passes("4 days").await;
    chat.passes("1 day").await;
    assert_eq!(dms_with(&ana, "Today is the day you set"), 0, "it waits");
    // Saturday the 7th: a week from then.
    ana.clicks("Take it up again").await;
    chat.passes("6 days").await;
    assert_eq!(dms_with(&ana, "the day you set"), 0, "{}", chat.transcript());
    chat.passes("1 day").await;
    chat.passes("2 hours").await;
    assert_eq!(dms_with(&ana, "Today is the day you set"), 1, "{}", chat.transcript());
    chat.passes("4 days").await;
    assert_eq!(dms_with(&ana, "Ten quiet days for your challenge"), 1, "{}", chat.transcript());
    // Parked and taken up while its day stands: nothing comes twice.
    ana.says("/coach challenge list").await;
    ana.clicks("Drop it").await;
    let before = chat.count("SELECT COUNT(*) FROM jobs WHERE kind = 'event'").await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I draw it.")]).await;
    ana.says("/coach challenge list").await;
    ana.clicks("Park it").await;
    chat.passes("1 day").await;
    ana.clicks("Take it up again").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM jobs WHERE kind = 'event'").await, before + 2);
    chat.ends().await;
}

#[tokio::test]
async fn who_has_no_nudges_is_asked_on_the_day_they_set_for_a_challenge_and_never_else() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    assert!(
        ana.human.screen().contains("I ask you about it once, around that day."),
        "{}",
        ana.human.screen()
    );
    ana.submits([
        ("Your plan: if it is …, then I will …", "If it is Tuesday, then I draw it."),
        ("Done by", "2026-03-12"),
    ])
    .await;
    let before = ana.human.dms().len();
    for _ in 0..12 {
        chat.passes("1 day").await;
    }
    chat.passes("4 weeks").await;
    assert_eq!(dms_with(&ana, "Today is the day you set"), 1, "{}", chat.transcript());
    assert_eq!(ana.human.dms().len(), before + 1);
    // Off is off, also for a day that was set before.
    ana.says("/coach challenge list").await;
    ana.clicks("Park it").await;
    ana.clicks("Take it up again").await;
    ana.says("/coach nudge off").await;
    for _ in 0..10 {
        chat.passes("1 day").await;
    }
    assert_eq!(dms_with(&ana, "the day you set"), 1, "{}", chat.transcript());
    chat.ends().await;
}

#[tokio::test]
async fn after_the_talk_a_step_comes_at_once_and_after_two_six_and_twelve_weeks() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach script manager").await;
    ana.clicks("We talked").await;
    assert!(ana.reads().contains("Send three lines before you go home"), "{}", ana.reads());
    assert!(!ana.reads().contains("Ask for something harder"), "one step at a time: {}", ana.reads());
    let mut came = Vec::new();
    for week in 1..=14 {
        let before = ana.human.dms().len();
        chat.passes("1 week").await;
        for message in &ana.human.dms()[before..] {
            came.push((week, message.drawn.lines().nth(2).unwrap_or_default().to_owned()));
        }
    }
    let weeks: Vec<i32> = came.iter().map(|(week, _)| *week).collect();
    // Each at ten on a Monday: an hour after the week that it is waited for.
    assert_eq!(weeks, [3, 7, 13], "{came:?}");
    assert!(ana.reads().contains("Book twenty minutes to look back together"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn a_booked_talk_brings_a_word_on_its_eve_and_a_question_after_it() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach script manager").await;
    ana.clicks("Booked").await;
    let answer = ana.submits([("When do you talk with your manager?", "2026-03-01")]).await;
    assert!(answer.body.contains("That day has passed"), "{}", answer.body);
    ana.submits([("When do you talk with your manager?", "2026-03-11")]).await;
    assert!(ana.reads().contains("Wed 11 March"), "{}", ana.reads());
    chat.passes("8 days").await;
    assert!(!ana.reads().contains("You meet your manager tomorrow"));
    chat.passes("1 day").await;
    assert!(ana.reads().contains("You meet your manager tomorrow"), "{}", ana.reads());
    chat.passes("3 days").await;
    assert!(ana.reads().contains("How did the talk go?"), "{}", ana.reads());
    ana.clicks("We talked").await;
    ana.clicks("Stop these").await;
    let before = ana.human.dms().len();
    chat.passes("15 weeks").await;
    assert_eq!(ana.human.dms().len(), before, "{}", chat.transcript());
    chat.ends().await;
}

#[tokio::test]
async fn whatever_comes_together_no_week_has_more_than_two() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge Tue 09:30").await;
    ana.says("/coach log Shipped the memo").await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([
        ("Your plan: if it is …, then I will …", "If it is Tuesday, then I draw it."),
        ("Done by", "2026-03-05"),
    ])
    .await;
    ana.says("/coach script manager").await;
    ana.clicks("Booked").await;
    ana.submits([("When do you talk with your manager?", "2026-03-05")]).await;
    for _ in 0..12 {
        chat.passes("1 week").await;
        ana.says("/coach help").await;
    }
    let weeks = chat
        .texts(
            "SELECT CAST((done_at - 1772406000000) / 604800000 AS TEXT) FROM jobs
             WHERE kind <> 'message' AND outcome = 'sent'",
        )
        .await;
    let mut counts = std::collections::BTreeMap::new();
    for week in &weeks {
        *counts.entry(week.clone()).or_insert(0) += 1;
    }
    assert!(counts.values().all(|n| *n <= 2), "{counts:?}");
    assert!(weeks.len() >= 14, "twelve nudges and what found room: {counts:?}");
    let left = chat
        .texts("SELECT COALESCE(reason, '-') FROM jobs WHERE kind = 'event' AND outcome = 'skipped'")
        .await;
    assert!(left.iter().all(|reason| reason != "-"), "{left:?}");
    chat.ends().await;
}

#[tokio::test]
async fn however_much_waits_a_third_message_in_a_week_is_not_sent() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("1 hour").await;
    ana.clicks("Later").await;
    ana.clicks("Tomorrow").await;
    chat.passes("1 day").await;
    assert_eq!(ana.human.dms().len(), 2, "the nudge and its reminder");
    // Booked for the day after tomorrow, so that a word would come tomorrow; and much that is far off.
    ana.says("/coach script manager").await;
    ana.clicks("Booked").await;
    ana.submits([("When do you talk with your manager?", "2026-03-07")]).await;
    let before = ana.human.dms().len();
    let (app, team, who) = (chat.app().await, chat.slack.team_id(), ana.human.id());
    for n in 0..30 {
        run(
            &app,
            &format!(
                "INSERT INTO jobs (id, team_id, user_id, kind, slot, body, urgency, created_at, meant_at, due_at,
                                   attempts, missed, leased_until, holder, fence, occasion)
                 VALUES ('e{n}', '{team}', '{who}', 'event', 'e{n}', '', 1, 0, 1780000000000, 1780000000000, 0, 0, 0, '',
                         0, 'challenge-due 2026-05-28 t{n}')"
            ),
        )
        .await;
    }
    chat.passes("2 days").await;
    assert_eq!(ana.human.dms().len(), before, "{}", chat.transcript());
    let ends = chat.texts("SELECT reason FROM jobs WHERE kind = 'event' AND outcome = 'skipped'").await;
    assert_eq!(ends, ["no room within two messages a week"]);
    chat.ends().await;
}

#[tokio::test]
async fn after_three_ignored_the_coach_asks_whether_there_should_be_fewer() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("5 weeks").await;
    assert_eq!(ana.human.dms().len(), 4);
    assert!(ana.reads().contains("Choose how often you hear from me"), "{}", ana.reads());
    ana.clicks("Once a month").await;
    assert!(ana.reads().contains("Every 4 weeks"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn two_skills_are_rated_again_every_eight_weeks() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    let mut weeks = Vec::new();
    for week in 1..=34 {
        chat.passes("1 week").await;
        if ana.latest_dm() == "# Rate two skills again after eight weeks" {
            weeks.push(week);
        }
        ana.says("/coach help").await;
    }
    assert!(
        weeks.first().is_some_and(|first| *first >= 8),
        "not before there is anything to rate again: {weeks:?}"
    );
    assert!(
        weeks.len() >= 3 && weeks.windows(2).all(|two| (8..=9).contains(&(two[1] - two[0]))),
        "{weeks:?}"
    );
    chat.ends().await;
}

#[tokio::test]
async fn a_channel_gets_a_challenge_each_week_and_taking_it_on_is_private() {
    let chat = Chat::on("Mon 2 Mar 2026 08:00 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    chat.slack.invites_coach("leaders");
    ana.human.says_in("leaders", "/coach nudge here Mon 09:00").await;
    chat.settles().await;
    let hello = ben.reads();
    for part in [
        "A weekly challenge for this channel",
        "Mondays at 09:00, Europe/Berlin time",
        "Set up by ana",
        "[Stop this]",
        "`/coach nudge here off`",
    ] {
        assert!(hello.contains(part), "{part} in {hello}");
    }
    chat.passes("2 hours").await;
    let challenge = ben.reads();
    assert!(
        challenge.contains("This week: ") && challenge.contains("[Take it on] [Stop this]"),
        "{challenge}"
    );
    ben.sees();
    ben.clicks("Take it on").await;
    ben.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I ask.")]).await;
    assert!(ben.reads().contains("If it is Tuesday, then I ask."));
    assert!(!ana.human.sees().contains("If it is Tuesday"), "only ben knows");
    let first = challenge.lines().next().unwrap().to_owned();
    chat.passes("1 week").await;
    let second = ana.reads();
    assert!(second.contains("This week: ") && second.lines().next().unwrap() != first, "{second}");

    // Anyone there can stop it; what is said aloud is about the channel and nobody.
    ben.clicks("Stop this").await;
    assert!(ana.reads().contains("The weekly challenge here has been stopped"), "{}", ana.reads());
    assert!(ben.reads().contains("The weekly challenge in this channel is stopped"), "{}", ben.reads());
    chat.passes("3 weeks").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM jobs WHERE kind = 'channel'").await, 3);
    chat.ends().await;
}

#[tokio::test]
async fn a_channel_that_is_stopped_and_set_up_again_is_promised_the_week_that_is_still_free() {
    let chat = Chat::on("Mon 2 Mar 2026 08:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    chat.slack.invites_coach("leaders");
    ana.says_in("leaders", "/coach nudge here Mon 09:00").await;
    chat.passes("2 hours").await;
    let came = "SELECT COUNT(*) FROM jobs WHERE kind = 'channel' AND week IS NOT NULL AND outcome = 'sent'";
    assert_eq!(chat.count(came).await, 1);
    ana.says_in("leaders", "/coach nudge here off").await;
    let answer = ana.says_in("leaders", "/coach nudge here Thu 09:00").await;
    assert!(answer.body.contains("The first comes on Thu 12 March at 09:00"), "{}", answer.body);
    chat.passes("9 days").await;
    assert_eq!(chat.count(came).await, 1, "not before the day that was named");
    chat.passes("1 day").await;
    assert_eq!(chat.count(came).await, 2, "{}", chat.transcript());

    // A week whose challenge could not be posted has had its slot too.
    chat.slack.fails("chat.postMessage", "is_archived", 1);
    chat.passes("1 week").await;
    let answer = ana.says_in("leaders", "/coach nudge here Fri 09:00").await;
    assert!(answer.body.contains("The first comes on Fri 27 March at 09:00"), "{}", answer.body);
    chat.passes("8 days").await;
    assert_eq!(chat.count(came).await, 3, "{}", chat.transcript());
    chat.ends().await;
}

#[tokio::test]
async fn a_channel_without_the_coach_says_how_to_invite_it() {
    let chat = Chat::on("Mon 2 Mar 2026 08:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    chat.slack.channel("leaders");
    ana.human.says_in("leaders", "/coach nudge here Mon 09:00").await;
    chat.settles().await;
    let told = ana.reads();
    assert!(told.contains("I am not in that channel") && told.contains("/invite"), "{told}");
    assert_eq!(chat.count("SELECT COUNT(*) FROM channel_nudges").await, 0);
    // The local Slack holds it for a mistake, which it is: nobody can know before.
    assert!(chat.slack.takes_complaints().iter().all(|complaint| complaint.contains("not_in_channel")));
    ana.human.says_in("leaders", "/coach nudge here off").await;
    assert!(ana.reads().contains("There is no weekly challenge in this channel"), "{}", ana.reads());
    ana.says("nudge here Mon 09:00").await;
    assert!(ana.reads().contains("That works in a channel"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn who_set_a_channel_up_can_be_forgotten_and_the_channel_goes_on() {
    let chat = Chat::on("Mon 2 Mar 2026 08:00 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    chat.slack.invites_coach("leaders");
    ana.human.says_in("leaders", "/coach nudge here Mon 09:00").await;
    ana.says("/coach forget me").await;
    ana.clicks("Erase everything").await;
    chat.passes("2 hours").await;
    assert!(ben.reads().contains("Whoever set this up has left the coach."), "{}", ben.reads());
    assert!(!ben.reads().contains("ana"));
    chat.ends().await;
}

#[tokio::test]
async fn off_is_off_for_what_was_put_off_as_well() {
    let (chat, ana) = crate::chat::chat().await;
    ana.says("/coach nudge on").await;
    chat.passes("3 days").await;
    ana.clicks("Later").await;
    ana.clicks("In three days").await;
    assert!(ana.reads().contains("I will bring it back on Sun 8 March"), "{}", ana.reads());
    ana.says("/coach nudge off").await;
    chat.passes("2 weeks").await;
    assert_eq!(ana.human.dms().len(), 1, "{}", chat.transcript());
    let why = "SELECT reason FROM jobs WHERE kind = 'reminder'";
    assert_eq!(chat.texts(why).await, ["nudges were turned off"]);
    // An old button about the pace is no wish to hear from the coach again.
    ana.presses("every", "2").await;
    assert!(ana.reads().contains("stay off"), "{}", ana.reads());
    let before = ana.human.dms().len();
    chat.passes("3 weeks").await;
    assert_eq!(ana.human.dms().len(), before);
    chat.ends().await;
}

#[tokio::test]
async fn the_week_of_somebody_who_comes_back_names_the_nudge_that_is_back() {
    let (chat, ana) = crate::chat::chat().await;
    ana.says("/coach nudge on").await;
    chat.passes("14 weeks").await;
    ana.says("/coach").await;
    let told = ana.reads();
    assert!(told.contains("Your nudge is back") && !told.contains("none planned"), "{told}");
    chat.ends().await;
}

#[tokio::test]
async fn what_is_set_up_in_a_channel_twice_is_announced_once() {
    let (chat, ana) = crate::chat::chat().await;
    chat.slack.invites_coach("leaders");
    ana.says_in("leaders", "/coach nudge here Tue 09:00").await;
    ana.says_in("leaders", "/coach nudge here Tue 09:00").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM jobs WHERE kind = 'channel'").await, 1);
    chat.ends().await;
}

#[tokio::test]
async fn whoever_has_one_a_month_is_offered_fewer_and_never_more() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge every 4 weeks").await;
    assert!(ana.reads().contains("One nudge every 4 weeks"), "{}", ana.reads());
    for _ in 0..20 {
        chat.passes("1 week").await;
        if dms_with(&ana, "Choose how often you hear from me") > 0 {
            break;
        }
    }
    let last = ana.reads();
    assert!(last.contains("[Every 8 weeks] [Every 4 weeks is fine] [Turn nudges off]"), "{last}");
    assert!(last.contains("Until you say something it stays at every 4 weeks."), "{last}");
    chat.ends().await;
}
