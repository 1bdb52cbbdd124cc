//! A person presses buttons, chooses from menus and uses shortcuts.

use serde_json::{Value, json};

use super::form::Field;
use super::human::Human;
use super::screen::{Place, is_button, is_choice};
use super::send::Delivered;
use super::state::State;
use super::{Answer, Message, draw, form, payload};

impl Human {
    /// Presses the newest button with this label that they can see: in the open modal, else in a message
    /// or App Home. A form's own buttons count. Panics with what is on the screen if there is none.
    pub async fn clicks(&self, label: &str) -> Answer {
        let modal = self.modal();
        let is_label = |button: &Value| button["text"] == label;
        if let Some(view) = &modal {
            if is_label(&view["submit"]) {
                return self.submits(&[]).await;
            }
            if draw::close_label(view) == label {
                return self.closes_modal().await;
            }
        }
        let (payload, in_view) = self.click(&mut self.act(), label);
        let delivered = self.workspace.interacts(&payload).await;
        self.takes_click(in_view, &delivered)
    }

    /// A double click: two payloads at once, each with a trigger of its own.
    pub async fn clicks_twice(&self, label: &str) -> [Answer; 2] {
        let [(one, in_view), (two, _)] = {
            let mut state = self.act();
            [self.click(&mut state, label), self.click(&mut state, label)]
        };
        let (one, two) = tokio::join!(self.workspace.interacts(&one), self.workspace.interacts(&two));
        [self.takes_click(in_view, &one), self.takes_click(in_view, &two)]
    }

    fn click(&self, state: &mut State, label: &str) -> (Value, bool) {
        let found = state.find(&self.id, |_, element| is_button(element, label));
        let found = found.unwrap_or_else(|| panic!("no button [{label}]: {}", state.screen(&self.id)));
        let name = state.name_of(&self.id);
        state.tell(Some(&self.id), format!("{name} clicks [{label}]"));
        let mut action = json!({
            "type": "button",
            "action_id": found.element["action_id"],
            "block_id": found.block["block_id"],
            "text": found.element["text"],
            "action_ts": state.next_ts(),
        });
        for name in ["value", "style"].iter().filter(|name| !found.element[**name].is_null()) {
            action[*name] = found.element[*name].clone();
        }
        self.acted_on(state, &found.place, action)
    }

    /// Chooses an option of a menu, known by its placeholder or label (`…` for an overflow menu), or a
    /// date or time. In a form it stays there until the form is submitted.
    pub async fn chooses(&self, placeholder_or_label: &str, option: &str) -> Answer {
        let chosen = self.choose(&mut self.act(), placeholder_or_label, option);
        let Some((payload, in_view)) = chosen else { return Answer::from_slack(None) };
        let delivered = self.workspace.interacts(&payload).await;
        self.takes_click(in_view, &delivered)
    }

    fn choose(&self, state: &mut State, label: &str, option: &str) -> Option<(Value, bool)> {
        let found = state.find(&self.id, |block, element| is_choice(block, element, label));
        let mut found = found.unwrap_or_else(|| panic!("no menu [{label} ▾]: {}", state.screen(&self.id)));
        let name = state.name_of(&self.id);
        state.tell(Some(&self.id), format!("{name} chooses {option:?} in [{label} ▾]"));
        let field = Field { block: &found.block, element: &found.element };
        let refuse = |why: String| panic!("{label}: {why}");
        let mut action = if field.kind() == "overflow" {
            let chosen = form::option(&found.element, option).unwrap_or_else(refuse);
            json!({"type": "overflow", "selected_option": chosen})
        } else {
            let values = match &mut found.place {
                Place::View(view) => &mut view.json["state"]["values"],
                Place::Message(posted) => &mut posted.values,
            };
            if let Err(why) = form::fill(&field, values, option) {
                panic!("{label}: {why}");
            }
            values[field.block_id()][field.action_id()].clone()
        };
        action["action_id"] = found.element["action_id"].clone();
        action["block_id"] = found.block["block_id"].clone();
        action["action_ts"] = state.next_ts().into();
        if !found.element["placeholder"].is_null() {
            action["placeholder"] = found.element["placeholder"].clone();
        }
        match &found.place {
            Place::View(new) => {
                for view in state.views.iter_mut().filter(|view| view.id == new.id) {
                    view.json = new.json.clone();
                }
            }
            Place::Message(new) => {
                for posted in state.messages.iter_mut().filter(|posted| posted.ts == new.ts) {
                    posted.values = new.values.clone();
                }
            }
        }
        let is_told = found.block["type"] != "input" || found.block["dispatch_action"] == true;
        is_told.then(|| self.acted_on(state, &found.place, action))
    }

    pub(super) fn acted_on(&self, state: &mut State, place: &Place, action: Value) -> (Value, bool) {
        match place {
            Place::View(view) => (payload::view_action(state, &self.id, view, action), true),
            Place::Message(posted) => (payload::message_action(state, &self.id, posted, action), false),
        }
    }

    /// A global shortcut of the app, from anywhere.
    pub async fn uses_shortcut(&self, callback_id: &str) -> Answer {
        let payload = {
            let mut state = self.act();
            let name = state.name_of(&self.id);
            state.tell(Some(&self.id), format!("{name} uses the shortcut {callback_id}"));
            payload::shortcut(&mut state, &self.id, callback_id)
        };
        let delivered = self.workspace.interacts(&payload).await;
        self.takes_click(false, &delivered)
    }

    /// A shortcut of the app on a message, the newest one with these words in it, whoever wrote it.
    pub async fn uses_message_shortcut(&self, callback_id: &str, words: &str) -> Answer {
        let payload = {
            let mut state = self.act();
            let is_meant = |message: &Message| message.text.contains(words) || message.drawn.contains(words);
            let readable = state.messages.iter().rev().filter(|posted| state.can_read(&self.id, posted));
            let found = readable.map(|posted| (posted.clone(), state.handed_out(posted)));
            let found =
                found.into_iter().find(|(posted, message)| posted.only_for.is_none() && is_meant(message));
            let (posted, _) =
                found.unwrap_or_else(|| panic!("no message with {words:?}: {}", state.screen(&self.id)));
            let name = state.name_of(&self.id);
            state.tell(Some(&self.id), format!("{name} uses the shortcut {callback_id} on a message"));
            payload::message_shortcut(&mut state, &self.id, &posted, callback_id)
        };
        let delivered = self.workspace.interacts(&payload).await;
        self.takes_click(false, &delivered)
    }

    pub(super) fn takes_click(&self, in_view: bool, delivered: &Delivered) -> Answer {
        let error = self.workspace.state().take_click_answer(&self.id, in_view, delivered);
        self.workspace.has_changed();
        delivered.answer(error)
    }
}
