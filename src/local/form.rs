//! What stands in the fields of a form: `state.values`, from the first look to the last keystroke.

use serde_json::{Map, Value, json};

use super::text;

/// An element that holds a value, and the block that it stands in.
pub(super) struct Field<'a> {
    pub block: &'a Value,
    pub element: &'a Value,
}

impl Field<'_> {
    pub fn block_id(&self) -> &str {
        self.block["block_id"].as_str().unwrap_or_default()
    }

    pub fn action_id(&self) -> &str {
        self.element["action_id"].as_str().unwrap_or_default()
    }

    pub fn kind(&self) -> &str {
        self.element["type"].as_str().unwrap_or_default()
    }

    /// The label above an input; for an element elsewhere its placeholder.
    pub fn label(&self) -> &str {
        let texts = [&self.block["label"]["text"], &self.element["placeholder"]["text"]];
        texts.iter().find_map(|text| text.as_str()).unwrap_or_default()
    }

    pub fn is_input(&self) -> bool {
        self.block["type"] == "input"
    }
}

pub(super) fn fields(blocks: &Value) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    for block in blocks.as_array().into_iter().flatten() {
        let elements = match block["type"].as_str() {
            Some("input") => std::slice::from_ref(&block["element"]),
            Some("section") => std::slice::from_ref(&block["accessory"]),
            Some("actions") => block["elements"].as_array().map(Vec::as_slice).unwrap_or_default(),
            _ => &[],
        };
        let holds_value =
            |element: &&Value| empty_value(element["type"].as_str().unwrap_or_default()).is_some();
        fields.extend(elements.iter().filter(holds_value).map(|element| Field { block, element }));
    }
    fields
}

/// The key of a value in the state, what the element calls its first value, and what an untouched one is.
fn empty_value(kind: &str) -> Option<(&'static str, &'static str, Value)> {
    let none = Value::Null;
    Some(match kind {
        "plain_text_input" | "number_input" | "email_text_input" | "url_text_input" => {
            ("value", "initial_value", none)
        }
        "rich_text_input" => ("rich_text_value", "initial_value", none),
        "static_select" | "external_select" | "radio_buttons" => ("selected_option", "initial_option", none),
        "multi_static_select" | "multi_external_select" | "checkboxes" => {
            ("selected_options", "initial_options", json!([]))
        }
        "users_select" => ("selected_user", "initial_user", none),
        "multi_users_select" => ("selected_users", "initial_users", json!([])),
        "channels_select" => ("selected_channel", "initial_channel", none),
        "conversations_select" => ("selected_conversation", "initial_conversation", none),
        "multi_channels_select" => ("selected_channels", "initial_channels", json!([])),
        "multi_conversations_select" => ("selected_conversations", "initial_conversations", json!([])),
        "datepicker" => ("selected_date", "initial_date", none),
        "timepicker" => ("selected_time", "initial_time", none),
        "datetimepicker" => ("selected_date_time", "initial_date_time", none),
        "file_input" => ("files", "", json!([])),
        _ => return None,
    })
}

/// `state.values` of a form that nobody has touched.
pub(super) fn initial(blocks: &Value) -> Value {
    let mut values = json!({});
    for field in fields(blocks) {
        let Some((key, initial, empty)) = empty_value(field.kind()) else { continue };
        let first = &field.element[initial];
        let mut entry = json!({"type": field.kind()});
        entry[key] = if first.is_null() { empty } else { first.clone() };
        values[field.block_id()][field.action_id()] = entry;
    }
    values
}

/// Carries over what was typed, where the new view has the same block, action and kind.
pub(super) fn keep_typed(new: &mut Value, old: &Value) {
    let before = &old["state"]["values"];
    let Some(blocks) = new["state"]["values"].as_object_mut() else { return };
    for (block_id, actions) in blocks {
        for (action_id, entry) in actions.as_object_mut().into_iter().flatten() {
            let typed = &before[block_id.as_str()][action_id.as_str()];
            if typed["type"] == entry["type"] {
                *entry = typed.clone();
            }
        }
    }
}

/// What a field holds, in words: nothing, one thing, or several.
pub(super) fn chosen(field: &Field<'_>, values: &Value) -> Vec<String> {
    let entry = &values[field.block_id()][field.action_id()];
    let Some((key, ..)) = empty_value(field.kind()) else { return Vec::new() };
    let word = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Object(option) => {
            option.get("text").and_then(|text| text["text"].as_str()).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    };
    match &entry[key] {
        Value::Null => Vec::new(),
        Value::Array(many) => many.iter().map(word).collect(),
        one => vec![word(one)],
    }
}

pub(super) fn shown(field: &Field<'_>, values: &Value) -> String {
    chosen(field, values).join(", ")
}

/// Puts an answer into a field, as a person would: text typed, options by their words.
pub(super) fn fill(field: &Field<'_>, values: &mut Value, answer: &str) -> Result<(), String> {
    let Some((key, _, empty)) = empty_value(field.kind()) else {
        return Err("nothing can be put into it".to_owned());
    };
    let value = match field.kind() {
        _ if answer.is_empty() => empty,
        "static_select" | "radio_buttons" => option(field.element, answer)?,
        "multi_static_select" | "checkboxes" => {
            // One option may have a comma in its words.
            let whole = option(field.element, answer).map(|one| vec![one]);
            let parts = || answer.split(", ").map(|part| option(field.element, part)).collect();
            whole.or_else(|_| parts())?.into()
        }
        "datepicker" => {
            let date = answer.parse::<jiff::civil::Date>().map_err(|problem| problem.to_string())?;
            date.to_string().into()
        }
        "timepicker" => {
            let time = jiff::civil::Time::strptime("%H:%M", answer).map_err(|problem| problem.to_string())?;
            time.strftime("%H:%M").to_string().into()
        }
        "datetimepicker" => answer.parse::<i64>().map_err(|problem| problem.to_string())?.into(),
        kind if kind.starts_with("multi_") => answer.split(", ").collect::<Vec<_>>().into(),
        _ => answer.into(),
    };
    let mut entry = Map::from_iter([("type".to_owned(), Value::from(field.kind()))]);
    entry.insert(key.to_owned(), value);
    values[field.block_id()][field.action_id()] = entry.into();
    Ok(())
}

/// An option by its words, in the list or in its groups.
pub(super) fn option(element: &Value, words: &str) -> Result<Value, String> {
    let all = all_options(element);
    let found = all.iter().find(|option| option["text"]["text"] == words);
    found.map(|option| (*option).clone()).ok_or_else(|| {
        let offered: Vec<&str> = all.iter().filter_map(|option| option["text"]["text"].as_str()).collect();
        format!("there is no option {words:?}, there is {}", offered.join(", "))
    })
}

/// What Slack's own client says before it sends a form, if it does not send it.
pub(super) fn problem(blocks: &Value, values: &Value) -> Option<String> {
    problems(blocks, values).into_iter().next().map(|(_, label, says)| format!("{label}: {says}"))
}

/// The same for every field: its block, its label, and what is said about it.
pub(super) fn problems(blocks: &Value, values: &Value) -> Vec<(String, String, &'static str)> {
    let all = fields(blocks);
    let found = all.iter().filter(|field| field.is_input()).filter_map(|field| {
        let answer = shown(field, values);
        let number =
            |name: &str| field.element[name].as_f64().or_else(|| field.element[name].as_str()?.parse().ok());
        let n = text::length(&answer) as f64;
        let says = if answer.trim().is_empty() {
            (field.block["optional"] != true).then_some("Please complete this required field.")
        } else if field.kind() == "number_input" {
            let value = answer.parse::<f64>().ok();
            let is_within = |value: f64| {
                number("min_value").is_none_or(|least| value >= least)
                    && number("max_value").is_none_or(|most| value <= most)
            };
            (!value.is_some_and(is_within)).then_some("Please enter a valid number.")
        } else if number("min_length").is_some_and(|least| n < least) {
            Some("That is too short.")
        } else if field.kind() == "plain_text_input" && n > number("max_length").unwrap_or(3000.0) {
            Some("That is too long.")
        } else {
            None
        };
        says.map(|says| (field.block_id().to_owned(), field.label().to_owned(), says))
    });
    found.collect()
}

/// Puts what a page sends back into a field: options go by their values, the rest as it is written.
pub(super) fn enter(field: &Field<'_>, values: &mut Value, sent: &[String]) -> Result<(), String> {
    let kind = field.kind();
    let first = sent.iter().find(|value| !value.is_empty()).map(String::as_str).unwrap_or_default();
    let by_value = |value: &str| {
        let found = all_options(field.element).into_iter().find(|option| option["value"] == value);
        found.cloned().ok_or_else(|| "there is no such option".to_owned())
    };
    let chosen = match kind {
        "static_select" | "radio_buttons" if !first.is_empty() => by_value(first)?,
        "multi_static_select" | "checkboxes" => {
            let chosen: Result<Vec<Value>, String> =
                sent.iter().filter(|value| !value.is_empty()).map(|value| by_value(value)).collect();
            chosen?.into()
        }
        kind if kind.starts_with("multi_") => {
            sent.iter().filter(|value| !value.is_empty()).cloned().collect::<Vec<_>>().into()
        }
        "rich_text_input" if !first.is_empty() => json!({"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": first}]}
        ]}),
        _ => return fill(field, values, first),
    };
    let Some((key, ..)) = empty_value(kind) else { return Err("nothing can be put into it".to_owned()) };
    let mut entry = Map::from_iter([("type".to_owned(), Value::from(kind))]);
    entry.insert(key.to_owned(), chosen);
    values[field.block_id()][field.action_id()] = entry.into();
    Ok(())
}

/// Every option of an element, in the list or in its groups.
pub(super) fn all_options(element: &Value) -> Vec<&Value> {
    let groups = element["option_groups"].as_array().into_iter().flatten();
    let lists = std::iter::once(&element["options"]).chain(groups.map(|group| &group["options"]));
    lists.filter_map(Value::as_array).flatten().collect()
}

/// The raw entry of a field: `value`, `selected_option` and so on, whatever its key is called.
pub(super) fn held<'a>(field: &Field<'_>, values: &'a Value) -> &'a Value {
    match empty_value(field.kind()) {
        Some((key, ..)) => &values[field.block_id()][field.action_id()][key],
        None => &Value::Null,
    }
}
