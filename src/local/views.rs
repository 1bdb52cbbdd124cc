//! The `views.*` methods, and the stack of modals that a person has before them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::args::{Args, Refusal};
use super::messages::{listed, with_ids};
use super::state::{State, View, fresh_id};
use super::{draw, form, rules};

const STACK: usize = 3;
const TRIGGER_SECONDS: i64 = 3;
const VIEW_BYTES: usize = 250 * 1024;

pub(super) fn open(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let view = read(state, "views.open", args, "modal")?;
    let user = use_trigger(state, &args.needed("trigger_id")?)?;
    state.known_user(&user).stack.clear();
    Ok(json!({ "view": state.put_on_top(&user, view)? }))
}

pub(super) fn push(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let view = read(state, "views.push", args, "modal")?;
    let user = use_trigger(state, &args.needed("trigger_id")?)?;
    if state.known_user(&user).stack.is_empty() {
        return Err(Refusal::because("invalid_trigger_id", "no modal is open to push on"));
    }
    Ok(json!({ "view": state.put_on_top(&user, view)? }))
}

pub(super) fn update(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let (id, external_id) = (args.text("view_id"), args.text("external_id"));
    if id.is_empty() && external_id.is_empty() {
        return Err(Refusal::because("invalid_arguments", "[ERROR] view_id or external_id is required"));
    }
    let is_meant = |view: &View| view.id == id || (id.is_empty() && view.json["external_id"] == external_id);
    let found = state.views.iter().find(|view| is_meant(view)).cloned();
    let kind =
        found.as_ref().map_or("modal", |view| view.json["type"].as_str().unwrap_or("modal")).to_owned();
    let view = read(state, "views.update", args, &kind)?;
    // A form that its person has closed is gone: the app could not know.
    let is_open = found.as_ref().is_some_and(|view| state.is_open(view));
    let found = match found {
        None => return Err(Refusal::because("not_found", format!("/view_id {id}{external_id}"))),
        Some(_) if !is_open => return Err(Refusal::of_the_world("not_found")),
        Some(found) => found,
    };
    check_hash(args, Some(&found))?;
    Ok(json!({ "view": state.replace(&found.id, view) }))
}

pub(super) fn publish(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let user = args.needed("user_id")?;
    let view = read(state, "views.publish", args, "home")?;
    match state.user(&user).filter(|user| !user.is_bot) {
        None => return Err(Refusal::because("user_not_found", format!("/user_id {user}"))),
        Some(person) if person.has_left => return Err(Refusal::of_the_world("user_not_found")),
        Some(_) => {}
    }
    let old = state.home_of(&user).cloned();
    check_hash(args, old.as_ref())?;
    let published = match old {
        Some(old) => state.replace(&old.id, view),
        None => {
            let published = state.furnish(&user, view);
            state.show_home(&published);
            state.views.push(published.clone());
            published.json
        }
    };
    Ok(json!({ "view": published }))
}

/// The view of a call, sound by the rules and of the right kind.
fn read(state: &mut State, place: &str, args: &Args, kind: &str) -> Result<Value, Refusal> {
    let view = args.structure("view", "invalid_arguments")?;
    checked(state, place, view, kind)
}

/// The same for a view that comes as an answer to a submission.
pub(super) fn checked(state: &mut State, place: &str, view: Value, kind: &str) -> Result<Value, Refusal> {
    if !view.is_object() {
        return Err(Refusal::because("invalid_arguments", "[ERROR] missing required field: view"));
    }
    if view["type"] != kind {
        let why = format!("[ERROR] must be of type {kind} [json-pointer:/view/type]");
        return Err(Refusal::because("invalid_arguments", why));
    }
    if view.to_string().len() > VIEW_BYTES {
        return Err(Refusal::because("view_too_large", "/view has at most 250 KB"));
    }
    let mut found = rules::view(&view);
    for broken in &mut found.broken {
        broken.pointer.insert_str(0, "/view");
    }
    state.pings.extend(found.pings.into_iter().map(|ping| format!("{place} /view{ping}")));
    if !found.broken.is_empty() {
        return Err(Refusal { messages: listed(&found.broken), ..Refusal::new("invalid_arguments") });
    }
    Ok(view)
}

/// A trigger is good once, within three seconds of the workspace's clock.
fn use_trigger(state: &mut State, id: &str) -> Result<String, Refusal> {
    let now = state.now();
    let trigger = state.triggers.get_mut(id);
    let trigger =
        trigger.ok_or_else(|| Refusal::because("invalid_trigger_id", "nobody was given this one"))?;
    if trigger.is_used {
        return Err(Refusal::because("exchanged_trigger_id", "it was used before"));
    }
    if now.duration_since(trigger.made_at).as_millis() > i128::from(TRIGGER_SECONDS) * 1000 {
        return Err(Refusal::because("expired_trigger_id", "it is older than 3 seconds"));
    }
    trigger.is_used = true;
    Ok(trigger.user.clone())
}

/// Says whether the caller still knows the newest state. Losing that race is no mistake.
fn check_hash(args: &Args, view: Option<&View>) -> Result<(), Refusal> {
    let hash = args.text("hash");
    let is_stale = view.is_some_and(|view| view.json["hash"] != hash);
    if hash.is_empty() || !is_stale { Ok(()) } else { Err(Refusal::of_the_world("hash_conflict")) }
}

impl State {
    pub fn view(&self, id: &str) -> Option<&View> {
        self.views.iter().find(|view| view.id == id)
    }

    pub fn home_of(&self, user: &str) -> Option<&View> {
        self.views.iter().find(|view| view.user == user && view.json["type"] == "home")
    }

    /// The modal that a person has before them.
    pub fn top_of(&self, user: &str) -> Option<&View> {
        self.view(self.user(user)?.stack.last()?)
    }

    fn is_open(&self, view: &View) -> bool {
        let is_home = view.json["type"] == "home";
        is_home || self.user(&view.user).is_some_and(|user| user.stack.contains(&view.id))
    }

    /// Opens a modal above the others, if there is room. Gives the view as Slack answers it.
    pub fn put_on_top(&mut self, user: &str, view: Value) -> Result<Value, Refusal> {
        let stack = self.known_user(user).stack.clone();
        if stack.len() >= STACK {
            return Err(Refusal::because("push_limit_reached", "at most 3 views stand on each other"));
        }
        let external_id = view["external_id"].as_str().unwrap_or_default();
        let is_taken = |other: &View| other.json["external_id"] == external_id && self.is_open(other);
        if !external_id.is_empty() && self.views.iter().any(is_taken) {
            return Err(Refusal::because(
                "duplicate_external_id",
                format!("/view/external_id {external_id}"),
            ));
        }
        let mut view = self.furnish(user, view);
        view.json["root_view_id"] = stack.first().unwrap_or(&view.id).clone().into();
        view.json["previous_view_id"] = stack.last().cloned().into();
        self.known_user(user).stack.push(view.id.clone());
        self.views.push(view.clone());
        self.show_form(&view, "a form");
        Ok(view.json)
    }

    /// Other content in the same view; what was typed stays where block and action keep their names.
    pub fn replace(&mut self, id: &str, content: Value) -> Value {
        let index = self.views.iter().position(|view| view.id == id).expect("the caller has just found it");
        let old = self.views[index].clone();
        let mut new = self.furnish(&old.user, content);
        for name in ["id", "root_view_id", "previous_view_id"] {
            new.json[name] = old.json[name].clone();
        }
        new.id = id.to_owned();
        form::keep_typed(&mut new.json, &old.json);
        self.views[index] = new.clone();
        if new.json["type"] == "home" {
            self.show_home(&new);
        } else {
            self.show_form(&new, "the form change");
        }
        new.json
    }

    /// Closes the top modal; the one below it shows again.
    pub fn close_top(&mut self, user: &str) -> Option<View> {
        let id = self.known_user(user).stack.pop()?;
        self.view(&id).cloned()
    }

    fn show_form(&mut self, view: &View, what: &str) {
        let drawn = draw::form(&view.json, &self.names);
        let title = view.json["title"]["text"].as_str().unwrap_or_default();
        let name = self.name_of(&view.user);
        self.tell(Some(&view.user), format!("{name} sees {what}: {title}\n{}", draw::indented(&drawn, 4)));
    }

    fn show_home(&mut self, view: &View) {
        let drawn = draw::home(&view.json, &self.names);
        let name = self.name_of(&view.user);
        self.tell(Some(&view.user), format!("  the home of {name} shows:\n{}", draw::indented(&drawn, 4)));
    }

    /// All that Slack adds to a view: its ids, its hash, its state.
    fn furnish(&mut self, user: &str, content: Value) -> View {
        let id = fresh_id("V");
        let me = &self.me;
        let mut json = json!({
            "id": id,
            "team_id": me.team,
            "type": content["type"],
            "private_metadata": "",
            "callback_id": "",
            "hash": format!("{}.{}", self.now().as_second(), fresh_id("h")),
            "title": null,
            "submit": null,
            "close": null,
            "clear_on_close": false,
            "notify_on_close": false,
            "previous_view_id": null,
            "root_view_id": id,
            "app_id": me.app,
            "external_id": "",
            "app_installed_team_id": me.team,
            "bot_id": me.bot,
        });
        if let Value::Object(fields) = content {
            for (name, value) in fields {
                json[name] = value;
            }
        }
        json["blocks"] = with_ids(json["blocks"].take());
        json["state"] = json!({ "values": form::initial(&json["blocks"]) });
        View { id, user: user.to_owned(), json, errors: BTreeMap::new() }
    }
}
