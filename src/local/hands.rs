//! A person's hands on a page: presses and forms known by where they stand, not by their labels.
//!
//! A page can be a moment behind. So it says what it showed, and nothing here panics.

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde_json::{Value, json};

use super::form::{self, Field};
use super::human::Human;
use super::screen::Place;
use super::state::{Posted, State, View};
use super::{Answer, payload};

/// A message by channel and `ts`, or a view by its id, as it was when it was drawn.
#[derive(Clone, Debug)]
pub(super) enum Spot {
    Message { channel: String, ts: String, touched: u64 },
    View { id: String, hash: String },
}

/// What stands in the fields: where each stands, and what a browser sends for it.
pub(super) type Filled = Vec<(At, Vec<String>)>;

/// What is pressed: the block's place, the element's in it, and the option's where one is chosen.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub block: usize,
    pub element: usize,
    pub option: Option<usize>,
}

const GONE: &str = "This has changed in the meantime. Look again, please.";

impl Human {
    /// Presses a button, chooses from a menu, or sets what a field in a message holds.
    pub(super) async fn presses(&self, spot: &Spot, at: At, filled: &Filled) -> Answer {
        let pressed = self.press(&mut self.act(), spot, at, filled);
        let (payload, in_view) = match pressed {
            Ok(pressed) => pressed,
            Err(why) => return Answer::from_slack(Some(&why)),
        };
        let delivered = self.workspace.interacts(&payload).await;
        self.takes_click(in_view, &delivered)
    }

    fn press(
        &self,
        state: &mut State,
        spot: &Spot,
        at: At,
        filled: &Filled,
    ) -> Result<(Value, bool), String> {
        let mut place = state.place(&self.id, spot).ok_or(GONE)?;
        let blocks = place.blocks().clone();
        let (block, element) = element_at(&blocks, at).ok_or(GONE)?;
        enter_all(&blocks, place.values(), filled)?;
        let name = state.name_of(&self.id);
        let mut action = match element["type"].as_str().unwrap_or_default() {
            "button" | "icon_button" => {
                let label = element["text"]["text"].as_str().unwrap_or_default();
                state.tell(Some(&self.id), format!("{name} clicks [{label}]"));
                let mut action = json!({"type": element["type"], "text": element["text"]});
                for name in ["value", "style"].iter().filter(|name| !element[**name].is_null()) {
                    action[*name] = element[*name].clone();
                }
                action
            }
            kind => {
                let options = form::all_options(element);
                let option = at.option.map(|n| options.get(n).copied().ok_or(GONE)).transpose()?;
                let field = Field { block, element };
                let shown = option.map_or_else(
                    || form::shown(&field, place.values()),
                    |option| option["text"]["text"].as_str().unwrap_or_default().to_owned(),
                );
                let menu = if kind == "overflow" { "…" } else { field.label() };
                state.tell(Some(&self.id), format!("{name} chooses {shown:?} in [{menu} ▾]"));
                match option {
                    Some(option) if kind == "overflow" => json!({"type": kind, "selected_option": option}),
                    Some(option) => {
                        let value = option["value"].as_str().unwrap_or_default().to_owned();
                        form::enter(&field, place.values(), &[value])?;
                        place.values()[field.block_id()][field.action_id()].clone()
                    }
                    None => place.values()[field.block_id()][field.action_id()].clone(),
                }
            }
        };
        action["action_id"] = element["action_id"].clone();
        action["block_id"] = block["block_id"].clone();
        action["action_ts"] = state.next_ts().into();
        if !element["placeholder"].is_null() {
            action["placeholder"] = element["placeholder"].clone();
        }
        state.keeps_values(&place);
        Ok(self.acted_on(state, &place, action))
    }

    /// A shortcut of the app on this message.
    pub(super) async fn uses_shortcut_on(&self, callback_id: &str, ts: &str) -> Answer {
        let payload = {
            let mut state = self.act();
            let is_meant = |posted: &&Posted| posted.ts == ts && state.can_read(&self.id, posted);
            let Some(posted) = state.messages.iter().find(is_meant).cloned() else {
                return Answer::from_slack(Some(GONE));
            };
            let name = state.name_of(&self.id);
            state.tell(Some(&self.id), format!("{name} uses the shortcut {callback_id} on a message"));
            payload::message_shortcut(&mut state, &self.id, &posted, callback_id)
        };
        let delivered = self.workspace.interacts(&payload).await;
        self.takes_click(false, &delivered)
    }

    /// What a browser's field for date and time has, as seconds: it means this person's wall.
    pub(super) fn seconds_of(&self, wall: &str) -> String {
        let zone = self.workspace.state().user(&self.id).map(|user| user.zone.clone()).unwrap_or_default();
        let zone = TimeZoneDatabase::bundled().get(&zone).unwrap_or(TimeZone::UTC);
        let at = wall.parse::<DateTime>().and_then(|wall| wall.to_zoned(zone));
        at.map_or(String::new(), |at| at.timestamp().as_second().to_string())
    }

    /// Submits the form before them. What Slack's own client would not send stays, with its reasons.
    pub(super) async fn submits_view(&self, spot: &Spot, filled: &Filled) -> Answer {
        let found = self.fill_view(&mut self.act(), spot, filled);
        let view = match found {
            Ok(Some(view)) => view,
            Ok(None) => {
                self.workspace.has_changed();
                return Answer::from_slack(None);
            }
            Err(why) => return Answer::from_slack(Some(&why)),
        };
        let payload = payload::submission(&mut self.workspace.state(), &self.id, &view);
        let delivered = self.workspace.interacts(&payload).await;
        let error = self.workspace.state().take_submission_answer(&self.id, &view.id, &delivered);
        self.workspace.has_changed();
        delivered.answer(error)
    }

    fn fill_view(&self, state: &mut State, spot: &Spot, filled: &Filled) -> Result<Option<View>, String> {
        let mut place = state.place(&self.id, spot).ok_or(GONE)?;
        let blocks = place.blocks().clone();
        enter_all(&blocks, place.values(), filled)?;
        state.keeps_values(&place);
        let Place::View(view) = place else { return Err(GONE.to_owned()) };
        let name = state.name_of(&self.id);
        state.tell(Some(&self.id), format!("{name} submits the form"));
        let problems = form::problems(&blocks, &view.json["state"]["values"]);
        for (_, label, says) in &problems {
            state.tell(Some(&self.id), format!("  Slack tells {name}: {label}: {says}"));
        }
        if let Some(kept) = state.views.iter_mut().find(|kept| kept.id == view.id) {
            kept.errors =
                problems.iter().map(|(block, _, says)| (block.clone(), (*says).to_owned())).collect();
        }
        Ok(problems.is_empty().then_some(view))
    }
}

impl State {
    /// What a person has before them there, if it is still what they saw.
    fn place(&self, user: &str, spot: &Spot) -> Option<Place> {
        match spot {
            Spot::Message { channel, ts, touched } => {
                let mut all = self.messages.iter();
                let posted = all.find(|posted| posted.ts == *ts && posted.channel == *channel)?;
                let is_there = self.can_read(user, posted) && posted.touched == *touched;
                is_there.then(|| Place::Message(posted.clone()))
            }
            Spot::View { id, hash } => {
                let view =
                    self.view(id).filter(|view| view.user == user && view.json["hash"] == hash.as_str())?;
                let is_there =
                    view.json["type"] == "home" || self.top_of(user).is_some_and(|top| top.id == *id);
                is_there.then(|| Place::View(view.clone()))
            }
        }
    }

    fn keeps_values(&mut self, place: &Place) {
        match place {
            Place::View(new) => {
                for view in self.views.iter_mut().filter(|view| view.id == new.id) {
                    view.json["state"] = new.json["state"].clone();
                }
            }
            Place::Message(new) => {
                for posted in self.messages.iter_mut().filter(|posted| posted.ts == new.ts) {
                    posted.values = new.values.clone();
                }
            }
        }
    }
}

impl Place {
    fn blocks(&self) -> &Value {
        match self {
            Place::View(view) => &view.json["blocks"],
            Place::Message(posted) => &posted.blocks,
        }
    }

    fn values(&mut self) -> &mut Value {
        match self {
            Place::View(view) => &mut view.json["state"]["values"],
            Place::Message(posted) => &mut posted.values,
        }
    }
}

fn element_at(blocks: &Value, at: At) -> Option<(&Value, &Value)> {
    let block = blocks.get(at.block)?;
    let element = match block["type"].as_str()? {
        "section" => &block["accessory"],
        "input" => &block["element"],
        _ => block["elements"].get(at.element)?,
    };
    element.is_object().then_some((block, element))
}

fn enter_all(blocks: &Value, values: &mut Value, filled: &Filled) -> Result<(), String> {
    for (at, sent) in filled {
        let (block, element) = element_at(blocks, *at).ok_or(GONE)?;
        let field = Field { block, element };
        form::enter(&field, values, sent).map_err(|why| format!("{}: {why}", field.label()))?;
    }
    Ok(())
}
