//! Nothing that the curriculum promises is missing.

use rung::coach::library::{Detail, Kind, Library, PromptId};
use rung::content;

fn library() -> Library {
    content::load(None).expect("the built-in prompts are sound")
}

#[test]
fn there_are_as_many_of_each_kind_as_promised() {
    let library = library();
    let count = |kind| library.of(kind).count();
    assert_eq!(count(Kind::Skill), 9);
    assert_eq!(count(Kind::Tip), 72);
    assert_eq!(count(Kind::Script), 20);
    assert_eq!(count(Kind::Challenge), 27);
    assert_eq!(count(Kind::Rehearsal), 10);
    assert_eq!(count(Kind::Assessment), 6);
    assert!(count(Kind::Arc) >= 5);
    let weekly = library.of(Kind::Nudge).filter(|nudge| nudge.is_weekly_nudge()).count();
    assert_eq!((weekly, count(Kind::Nudge) - weekly), (26, 10));
}

#[test]
fn every_event_brings_exactly_one_nudge() {
    let library = library();
    for event in content::keys::EVENTS {
        let bring =
            |detail: &Detail| matches!(detail, Detail::Nudge(nudge) if nudge.event.as_deref() == Some(event));
        assert_eq!(library.all().filter(|prompt| bring(&prompt.detail)).count(), 1, "{event}");
    }
}

#[test]
fn every_skill_has_eight_tips_and_three_challenges() {
    let library = library();
    for skill in library.of(Kind::Skill) {
        let count = |kind| library.of(kind).filter(|prompt| *prompt.skill() == skill.id).count();
        assert_eq!((count(Kind::Tip), count(Kind::Challenge)), (8, 3), "{}", skill.id);
    }
}

/// The curriculum's coverage map (section 22): each idea, and the prompts that carry it.
const IDEAS: [(&str, &str); 11] = [
    (
        "the ladder, its three sticking points, skipping a level",
        "gray-area-pitch seam-map seam-fix three-numbers basics-skipped",
    ),
    (
        "do you want it, and what else there is",
        "want-it-two-weeks not-for-me not-wanting-it want-it contributor-counts why-want-it",
    ),
    ("what a product leader does", "leader-week skip-level-intro reuse-hunt context-note"),
    (
        "the five gaps",
        "goal-trace cv-in-goals viable-but-no five-interviews repair-plan audience-three decision-note \
         hot-seat help-in-time lunch-and-learn outside-voice translate-industry mentor-quarter \
         handover-one five-gaps",
    ),
    ("managing people", "win-log-month fair-interview mentor-quarter people-craft"),
    (
        "the manager conversation",
        "manager-interest manager-followup manager-no-opening manager-typecast manager-talk \
         manager-conversation event-one-to-one-tomorrow event-manager-talk",
    ),
    ("being seen", "lunch-and-learn outside-voice visibility"),
    (
        "traps of a promotion, inside or outside",
        "backfill-negotiation handover-one promotion-offer delegation-under-fire recruiter-intro \
         first-13-weeks promotion-readiness",
    ),
    ("how executives think", "exec-tradeoff weekly-13 board-of-one-goal first-13-weeks"),
    (
        "rehearsing",
        "hot-seat manager-conversation board-of-one-goal sceptical-sales-lead director-interview-people \
         director-interview-strategy new-industry-interview promotion-offer delegation-under-fire \
         cross-team-dispute not-wanting-it",
    ),
    ("a coach or mentor, words for a CV", "mentor-ask cv-in-goals case-file"),
];

#[test]
fn every_idea_of_the_curriculum_is_carried() {
    let library = library();
    for (idea, ids) in IDEAS {
        let missing: Vec<_> =
            ids.split_whitespace().filter(|id| library.get(&PromptId::new(*id)).is_none()).collect();
        assert!(missing.is_empty(), "{idea}: {missing:?}");
    }
}

#[test]
fn staying_a_contributor_is_served_as_well() {
    let library = library();
    for skill in library.of(Kind::Skill) {
        let serves = |kind| {
            let stays = |prompt: &&_| {
                rung::coach::library::Prompt::fits(prompt, rung::coach::library::Rung::Contributor)
            };
            library.of(kind).filter(|prompt| prompt.skills.contains(&skill.id)).any(|prompt| stays(&prompt))
        };
        assert!(serves(Kind::Tip) && serves(Kind::Challenge), "{}", skill.id);
    }
}
