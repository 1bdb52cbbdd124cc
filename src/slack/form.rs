//! A submitted modal into a Submission, and what is wrong with it back into Slack's words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::coach::reply::{About, FieldError, Form, Submission};

use super::payload::Submit;
use super::render;

/// What a form carries to find its way home: ids only, nothing that anybody wrote.
#[derive(Deserialize, Serialize)]
struct Metadata {
    key: String,
    about: String,
    #[serde(default)]
    id: String,
}

pub fn metadata(about: &About, key: &str) -> String {
    let (about, id) = render::about(about);
    let metadata = Metadata { key: key.to_owned(), about: about.to_owned(), id };
    serde_json::to_string(&metadata).expect("three texts always make JSON")
}

/// Whether one of us drew it: also where `submission` does not know it, because that was another version.
pub fn is_ours(submit: &Submit) -> bool {
    serde_json::from_str::<Metadata>(&submit.private_metadata).is_ok()
}

/// None where the form is none that we know.
pub fn submission(submit: &Submit) -> Option<Submission> {
    let metadata: Metadata = serde_json::from_str(&submit.private_metadata).ok()?;
    let about = match metadata.about.as_str() {
        "take-on" => About::TakeOn { prompt: metadata.id },
        "new-card" => About::NewCard,
        "edit-card" => About::EditCard { card: metadata.id },
        "settings" => About::Settings,
        "rhythm" => About::Rhythm,
        "begin" => About::Begin,
        "confirm" => About::Confirm { card: metadata.id },
        "tell-more" => About::TellMore { card: metadata.id },
        "rate-next" => About::RateNext { skill: metadata.id },
        "rate-one" => About::RateOne { skill: metadata.id },
        "rate-all" => About::RateAll,
        "assess" => About::Assess { assessment: metadata.id },
        "remind" => {
            let (week, prompt) = metadata.id.split_once(' ')?;
            About::Remind { week: week.to_owned(), prompt: prompt.to_owned() }
        }
        "talk" => About::Talk,
        _ => return None,
    };
    let values: BTreeMap<String, String> = submit
        .values
        .iter()
        .filter_map(|(block, actions)| {
            let state = actions.get(block).or_else(|| actions.values().next())?;
            Some((block.clone(), value(state)?))
        })
        .collect();
    Some(Submission { key: metadata.key, about, values })
}

/// What stands in an element, whatever kind of element it is. Cleared ones are null or absent.
fn value(state: &Value) -> Option<String> {
    let text = state["value"]
        .as_str()
        .or_else(|| state["selected_option"]["value"].as_str())
        .or_else(|| state["selected_date"].as_str())
        .or_else(|| state["selected_time"].as_str())?;
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// The answer that puts another form in this one's place.
pub fn next(form: &Form, key: &str) -> Value {
    json!({ "response_action": "update", "view": render::modal(form, key) })
}

/// The answer that keeps the form open. Slack takes only block ids that the form really has: what an
/// older form lacks is told under its first field.
pub fn errors(errors: &[FieldError], submit: &Submit) -> Value {
    let mut shown: BTreeMap<&str, String> = BTreeMap::new();
    for (field, what) in errors {
        let known = submit.inputs.is_empty() || submit.inputs.iter().any(|input| input == field);
        let under = if known { field } else { submit.inputs.first().map_or(*field, String::as_str) };
        let told = shown.entry(under).or_default();
        if !told.is_empty() {
            told.push(' ');
        }
        told.push_str(what);
    }
    json!({ "response_action": "errors", "errors": shown })
}
