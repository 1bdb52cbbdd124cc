//! The arguments of a call, from a form or from JSON, and why Slack would not read them.

use serde_json::{Map, Value};

/// Slack's "no": an error code, what it says about it, and whether the app is to blame.
#[derive(Debug)]
pub(super) struct Refusal {
    pub error: String,
    /// `response_metadata.messages`.
    pub messages: Vec<String>,
    /// `needed` and `provided` of a missing scope.
    pub extra: Map<String, Value>,
    pub retry_after: Option<u64>,
    /// False when the world changed and the app could not know: such a refusal is no complaint.
    pub is_mistake: bool,
}

impl Refusal {
    pub fn new(error: &str) -> Self {
        let error = error.to_owned();
        Self { error, messages: Vec::new(), extra: Map::new(), retry_after: None, is_mistake: true }
    }

    pub fn because(error: &str, message: impl Into<String>) -> Self {
        Self { messages: vec![message.into()], ..Self::new(error) }
    }

    /// Somebody left, or the other side was quicker.
    pub fn of_the_world(error: &str) -> Self {
        Self { is_mistake: false, ..Self::new(error) }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Args(pub Map<String, Value>);

impl Args {
    pub fn read(content_type: &str, body: &[u8]) -> Result<Self, Refusal> {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        match kind {
            "" if body.is_empty() => Ok(Self::default()),
            "" => Err(Refusal::new("missing_post_type")),
            "application/x-www-form-urlencoded" => Ok(Self::from_form(body)),
            "application/json" if body.is_empty() => Ok(Self::default()),
            "application/json" => match serde_json::from_slice(body) {
                Ok(Value::Object(fields)) => Ok(Self(fields)),
                Ok(_) => Err(Refusal::new("json_not_object")),
                Err(problem) => Err(Refusal::because("invalid_json", problem.to_string())),
            },
            _ => Err(Refusal::because("invalid_post_type", format!("[ERROR] {kind} is not supported"))),
        }
    }

    fn from_form(body: &[u8]) -> Self {
        Self(decode_form(body).into_iter().map(|(name, value)| (name, Value::String(value))).collect())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// A plain value as text; numbers as they are written.
    pub fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }
    }

    pub fn needed(&self, name: &str) -> Result<String, Refusal> {
        match self.text(name) {
            text if text.is_empty() => {
                Err(Refusal::because("invalid_arguments", format!("[ERROR] missing required field: {name}")))
            }
            text => Ok(text),
        }
    }

    pub fn flag(&self, name: &str) -> bool {
        ["true", "1"].contains(&self.text(name).as_str())
    }

    /// A structured value: JSON, or JSON text as forms have it. Null when absent.
    pub fn structure(&self, name: &str, error: &str) -> Result<Value, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(Value::Null),
            Some(Value::String(text)) if text.is_empty() => Ok(Value::Null),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map_err(|problem| Refusal::because(error, format!("[ERROR] {name} is not JSON: {problem}"))),
            Some(value) => Ok(value.clone()),
        }
    }

    /// For the record: as sent, structured where it is, and the token as dots.
    pub fn recorded(&self) -> Value {
        let shown = self.0.iter().map(|(name, value)| {
            let value = match value {
                Value::String(_) if name == "token" => "•••".into(),
                Value::String(text) if text.starts_with(['{', '[']) => {
                    serde_json::from_str(text).unwrap_or_else(|_| value.clone())
                }
                _ => value.clone(),
            };
            (name.clone(), value)
        });
        Value::Object(shown.collect())
    }
}

pub(super) fn decode_form(body: &[u8]) -> Vec<(String, String)> {
    let mut url = blank_url();
    url.set_query(Some(&String::from_utf8_lossy(body)));
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

pub(super) fn encode_form(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut url = blank_url();
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().as_bytes().to_vec()
}

/// A URL's query is written like a form, and reqwest brings its parser along.
fn blank_url() -> reqwest::Url {
    reqwest::Url::parse("http://form/").expect("a constant address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_json_say_the_same() {
        let form =
            encode_form(&[("channel", "D1"), ("text", "a & b + ü"), ("blocks", "[{\"type\":\"divider\"}]")]);
        let json = br#"{"channel":"D1","text":"a & b + \u00fc","blocks":[{"type":"divider"}]}"#;
        for (content_type, body) in
            [("application/x-www-form-urlencoded", &form[..]), ("application/json; charset=utf-8", &json[..])]
        {
            let args = Args::read(content_type, body).unwrap();
            assert_eq!(args.text("channel"), "D1");
            assert_eq!(args.text("text"), "a & b + ü");
            assert_eq!(args.structure("blocks", "invalid_blocks_format").unwrap()[0]["type"], "divider");
        }
    }

    #[test]
    fn bodies_that_slack_would_not_read_are_refused_by_name() {
        let check = |content_type, body: &str, error: &str| {
            assert_eq!(Args::read(content_type, body.as_bytes()).unwrap_err().error, error);
        };
        check("", "a=b", "missing_post_type");
        check("text/plain", "a=b", "invalid_post_type");
        check("application/json", "{", "invalid_json");
        check("application/json", "[]", "json_not_object");
    }
}
