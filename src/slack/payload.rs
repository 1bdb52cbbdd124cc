//! What Slack sends us: only the fields we read, all of them optional unless we could not go on
//! without. Slack adds fields and types without notice; what we do not know is `Unknown`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::coach::person::PersonId;

/// A slash command: `text` is what stands after it, with Slack's escapes undone.
#[derive(Clone, Debug, PartialEq)]
pub struct SlashCommand {
    pub who: PersonId,
    pub text: String,
    /// Where it was said.
    pub channel: Option<String>,
    pub trigger_id: Option<String>,
}

#[derive(Deserialize)]
struct SlashForm {
    team_id: String,
    user_id: String,
    #[serde(default)]
    text: String,
    channel_id: Option<String>,
    trigger_id: Option<String>,
}

/// None where the form lacks what a command cannot be without.
pub fn command(body: &[u8]) -> Option<SlashCommand> {
    let mut form: SlashForm = form(body)?;
    for text in [&mut form.team_id, &mut form.user_id, &mut form.text] {
        text.retain(|c| c != NUL);
    }
    if form.team_id.is_empty() || form.user_id.is_empty() {
        return None;
    }
    Some(SlashCommand {
        who: PersonId { team: form.team_id, user: form.user_id },
        text: typed(&form.text),
        channel: form.channel_id.filter(|id| !id.is_empty()),
        trigger_id: form.trigger_id.filter(|id| !id.is_empty()),
    })
}

/// Slack's unsigned probe of the certificate.
pub fn is_ssl_check(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Probe {
        ssl_check: String,
    }
    form::<Probe>(body).is_some_and(|probe| probe.ssl_check == "1")
}

fn form<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_urlencoded::from_bytes(body).ok()
}

/// The one character that PostgreSQL's text does not take. Nobody types it.
const NUL: char = '\0';

fn json(text: &[u8]) -> Option<Value> {
    let mut value = serde_json::from_slice(text).ok()?;
    // Raw it is no JSON; escaped it ends like this.
    if text.windows(5).any(|bytes| bytes == b"u0000") {
        drop_nul(&mut value);
    }
    Some(value)
}

fn drop_nul(value: &mut Value) {
    match value {
        Value::String(text) => text.retain(|c| c != NUL),
        Value::Array(items) => items.iter_mut().for_each(drop_nul),
        Value::Object(fields) => fields.values_mut().for_each(drop_nul),
        _ => {}
    }
}

/// What somebody pressed or sent in.
#[derive(Clone, Debug, PartialEq)]
pub enum Interaction {
    Press(Press),
    Submit(Submit),
    Shortcut(Shortcut),
    /// Genuine, but nothing we do anything about.
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Press {
    pub who: PersonId,
    pub action_id: String,
    /// The button's value, or the chosen option's.
    pub value: String,
    pub trigger_id: Option<String>,
    pub response_url: Option<String>,
    /// The message that held the button, where it is a lasting one: channel and ts.
    pub message: Option<(String, String)>,
    /// The view that held it, where it was none.
    pub view: Option<PressedView>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PressedView {
    pub id: String,
    pub is_home: bool,
}

/// A shortcut of ours, from the menu of a message or from anywhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortcut {
    pub who: PersonId,
    pub callback_id: String,
    pub trigger_id: Option<String>,
    /// Only where it was used on a message.
    pub response_url: Option<String>,
    pub message: Option<Quoted>,
}

/// A message that a shortcut was used on: its words as they were typed, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Quoted {
    pub words: String,
    /// Empty where Slack does not say enough to build it.
    pub link: String,
}

impl Press {
    /// The channel of a message that others see too; none for one in a direct message or for one's own eyes.
    pub fn in_channel(&self) -> Option<&str> {
        let (channel, _) = self.message.as_ref()?;
        (!channel.starts_with('D')).then_some(channel.as_str())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Submit {
    pub who: PersonId,
    pub private_metadata: String,
    /// block id → action id → what stands in it.
    pub values: BTreeMap<String, BTreeMap<String, Value>>,
    /// The block ids that an error may name.
    pub inputs: Vec<String>,
}

#[derive(Deserialize)]
struct RawInteraction {
    #[serde(rename = "type")]
    kind: String,
    user: Option<RawUser>,
    team: Option<RawTeam>,
    trigger_id: Option<String>,
    response_url: Option<String>,
    callback_id: Option<String>,
    message_ts: Option<String>,
    message: Option<Value>,
    container: Option<RawContainer>,
    channel: Option<RawId>,
    actions: Option<Vec<RawAction>>,
    view: Option<RawView>,
}

#[derive(Deserialize)]
struct RawUser {
    id: String,
    team_id: Option<String>,
}

#[derive(Deserialize)]
struct RawId {
    id: Option<String>,
}

#[derive(Deserialize)]
struct RawTeam {
    id: Option<String>,
    domain: Option<String>,
}

#[derive(Deserialize)]
struct RawContainer {
    #[serde(rename = "type")]
    kind: Option<String>,
    message_ts: Option<String>,
    channel_id: Option<String>,
    is_ephemeral: Option<bool>,
    view_id: Option<String>,
}

#[derive(Deserialize)]
struct RawAction {
    action_id: Option<String>,
    value: Option<String>,
    selected_option: Option<RawOption>,
}

#[derive(Deserialize)]
struct RawOption {
    value: Option<String>,
}

#[derive(Deserialize)]
struct RawView {
    id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    private_metadata: Option<String>,
    app_installed_team_id: Option<String>,
    state: Option<RawState>,
    blocks: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct RawState {
    values: Option<BTreeMap<String, BTreeMap<String, Value>>>,
}

/// None where the body is no form with a JSON payload at all.
pub fn interaction(body: &[u8]) -> Option<Interaction> {
    #[derive(Deserialize)]
    struct Wrapped {
        payload: String,
    }
    let wrapped: Wrapped = form(body)?;
    let value = json(wrapped.payload.as_bytes())?;
    Some(serde_json::from_value(value).ok().and_then(read_interaction).unwrap_or(Interaction::Unknown))
}

fn read_interaction(raw: RawInteraction) -> Option<Interaction> {
    let user = raw.user?;
    // Where the app is installed for a whole organisation, `team` can be null.
    let installed = raw.view.as_ref().and_then(|view| view.app_installed_team_id.clone());
    let (team, domain) = raw.team.map_or((None, None), |team| (team.id, team.domain));
    let team = team.or(user.team_id).or(installed)?;
    let who = PersonId { team, user: user.id };
    match raw.kind.as_str() {
        "block_actions" => {
            let action = raw.actions?.into_iter().next()?;
            let container = raw.container;
            let in_message = container.as_ref().is_some_and(|at| at.kind.as_deref() == Some("message"));
            let view_id = container.as_ref().and_then(|at| at.view_id.clone());
            let view = raw.view.as_ref().and_then(|view| {
                let id = view.id.clone().or(view_id)?;
                Some(PressedView { id, is_home: view.kind.as_deref() == Some("home") })
            });
            let lasting = container.as_ref().is_some_and(|at| at.is_ephemeral != Some(true));
            let message = container.filter(|_| in_message && lasting).and_then(|at| {
                Some((at.channel_id.or(raw.channel.and_then(|channel| channel.id))?, at.message_ts?))
            });
            Some(Interaction::Press(Press {
                who,
                action_id: action.action_id?,
                value: action
                    .value
                    .or(action.selected_option.and_then(|option| option.value))
                    .unwrap_or_default(),
                trigger_id: raw.trigger_id,
                response_url: raw.response_url,
                message,
                view,
            }))
        }
        "shortcut" => Some(Interaction::Shortcut(Shortcut {
            who,
            callback_id: raw.callback_id?,
            trigger_id: raw.trigger_id,
            response_url: None,
            message: None,
        })),
        "message_action" => {
            let message = raw.message.unwrap_or_default();
            let ts = raw.message_ts.or_else(|| message["ts"].as_str().map(str::to_owned));
            let channel = raw.channel.and_then(|channel| channel.id);
            let link = match (domain, channel, ts) {
                (Some(domain), Some(channel), Some(ts)) => {
                    permalink(&domain, &channel, &ts, message["thread_ts"].as_str()).unwrap_or_default()
                }
                _ => String::new(),
            };
            Some(Interaction::Shortcut(Shortcut {
                who,
                callback_id: raw.callback_id?,
                trigger_id: raw.trigger_id,
                response_url: raw.response_url,
                message: Some(Quoted { words: typed(message["text"].as_str().unwrap_or_default()), link }),
            }))
        }
        "view_submission" => {
            let view = raw.view?;
            let inputs = view
                .blocks
                .unwrap_or_default()
                .iter()
                .filter(|block| block["type"] == "input")
                .filter_map(|block| block["block_id"].as_str().map(str::to_owned))
                .collect();
            Some(Interaction::Submit(Submit {
                who,
                private_metadata: view.private_metadata.unwrap_or_default(),
                values: view.state.and_then(|state| state.values).unwrap_or_default(),
                inputs,
            }))
        }
        _ => None,
    }
}

/// Where a message stands. None where a part of it is not what Slack sends: the link ends up on a card.
fn permalink(domain: &str, channel: &str, ts: &str, thread: Option<&str>) -> Option<String> {
    let plain = |text: &str, also: char| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == also)
    };
    if !plain(domain, '-') || !plain(channel, '-') || !plain(ts, '.') {
        return None;
    }
    let link = format!("https://{domain}.slack.com/archives/{channel}/p{}", ts.replace('.', ""));
    Some(match thread.filter(|thread| *thread != ts && plain(thread, '.')) {
        Some(thread) => format!("{link}?thread_ts={thread}&cid={channel}"),
        None => link,
    })
}

/// What happened in the workspace.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Slack asks whether this address is ours.
    Verify {
        challenge: String,
    },
    Happened {
        team: String,
        event_id: String,
        at_seconds: i64,
        what: Happening,
    },
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// Somebody wrote to the coach.
    DirectMessage {
        who: PersonId,
        text: String,
    },
    /// Somebody called the coach in a channel. `thread` is where the answer belongs.
    Mentioned {
        who: PersonId,
        channel: String,
        ts: String,
        thread: String,
        text: String,
    },
    /// Somebody opened the conversation with the coach.
    Opened {
        who: PersonId,
    },
    /// Somebody opened App Home, with this hash of what stands there, if anything does.
    HomeOpened {
        who: PersonId,
        hash: Option<String>,
    },
    UserChanged {
        who: PersonId,
        zone: Option<String>,
        deleted: bool,
    },
    Uninstalled,
    TokensRevoked {
        bots: Vec<String>,
    },
    Unknown,
}

#[derive(Deserialize)]
struct RawEnvelope {
    #[serde(rename = "type")]
    kind: String,
    challenge: Option<String>,
    team_id: Option<String>,
    event_id: Option<String>,
    event_time: Option<i64>,
    authorizations: Option<Vec<RawAuthorization>>,
    event: Option<Value>,
}

#[derive(Deserialize)]
struct RawAuthorization {
    team_id: Option<String>,
    user_id: Option<String>,
}

/// None where the body is no JSON object of Slack's at all.
pub fn event(body: &[u8]) -> Option<Event> {
    let value = json(body)?;
    if !value.is_object() {
        return None;
    }
    Some(serde_json::from_value(value).ok().and_then(read_event).unwrap_or(Event::Unknown))
}

fn read_event(raw: RawEnvelope) -> Option<Event> {
    match raw.kind.as_str() {
        "url_verification" => Some(Event::Verify { challenge: raw.challenge? }),
        "event_callback" => {
            let installed = raw.authorizations.and_then(|all| all.into_iter().next());
            let ourselves = installed.as_ref().and_then(|one| one.user_id.clone());
            let team = installed.and_then(|one| one.team_id).or(raw.team_id)?;
            let event = raw.event?;
            Some(Event::Happened {
                what: read_happening(&event, &team, ourselves.as_deref()).unwrap_or(Happening::Unknown),
                event_id: raw.event_id?,
                at_seconds: raw.event_time.unwrap_or_default(),
                team,
            })
        }
        _ => None,
    }
}

fn read_happening(event: &Value, team: &str, ourselves: Option<&str>) -> Option<Happening> {
    let text = |key: &str| event[key].as_str();
    let who = |user: &str| PersonId { team: team.to_owned(), user: user.to_owned() };
    match text("type")? {
        "message" => {
            let user = text("user")?;
            (text("channel_type") == Some("im") && is_somebodys(event, user, ourselves)).then(|| {
                let said = typed(without_address(text("text").unwrap_or_default(), ourselves));
                // Copied from somewhere, it is letters and no mention, and meant all the same.
                Happening::DirectMessage {
                    who: who(user),
                    text: without_address(&said, ourselves).to_owned(),
                }
            })
        }
        "app_mention" => {
            let user = text("user")?;
            let ts = text("ts")?;
            is_somebodys(event, user, ourselves).then_some(Happening::Mentioned {
                who: who(user),
                channel: text("channel")?.to_owned(),
                ts: ts.to_owned(),
                thread: text("thread_ts").unwrap_or(ts).to_owned(),
                text: typed(&without_mention(text("text").unwrap_or_default(), ourselves)),
            })
        }
        "app_home_opened" if text("tab") == Some("messages") => {
            Some(Happening::Opened { who: who(text("user")?) })
        }
        "app_home_opened" if text("tab") == Some("home") => Some(Happening::HomeOpened {
            who: who(text("user")?),
            hash: event["view"]["hash"].as_str().map(str::to_owned),
        }),
        "user_change" => {
            let user = &event["user"];
            Some(Happening::UserChanged {
                who: who(user["id"].as_str()?),
                zone: user["tz"].as_str().filter(|zone| !zone.is_empty()).map(str::to_owned),
                deleted: user["deleted"].as_bool().unwrap_or(false),
            })
        }
        "app_uninstalled" => Some(Happening::Uninstalled),
        "tokens_revoked" => {
            let bots = event["tokens"]["bot"].as_array()?;
            Some(Happening::TokensRevoked {
                bots: bots.iter().filter_map(|bot| bot.as_str().map(str::to_owned)).collect(),
            })
        }
        _ => None,
    }
}

/// Whether a person has said this just now, and no bot, nor Slack about something that was said before.
fn is_somebodys(event: &Value, user: &str, ourselves: Option<&str>) -> bool {
    let has = |key: &str| event.get(key).is_some_and(|value| !value.is_null());
    // Edits, deletions and joins have a subtype; a file somebody adds words to has one as well.
    let plain = matches!(event["subtype"].as_str(), None | Some("file_share"));
    let from_a_bot = has("bot_id") || has("bot_profile") || ourselves == Some(user) || user == "USLACKBOT";
    plain && !from_a_bot
}

/// What somebody writes to the coach in their own conversation may begin with its name, as in a channel.
fn without_address<'a>(text: &'a str, ourselves: Option<&str>) -> &'a str {
    let Some((inside, rest)) = text.trim_start().strip_prefix("<@").and_then(|rest| rest.split_once('>'))
    else {
        return text;
    };
    let id = inside.split('|').next().unwrap_or(inside);
    if ourselves != Some(id) {
        return text;
    }
    rest.trim_start().trim_start_matches([',', ':']).trim_start()
}

/// A message to the coach without the coach's own name in it.
fn without_mention(text: &str, ourselves: Option<&str>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("<@") {
        let Some(length) = rest[start..].find('>') else { break };
        let inside = &rest[start + 2..start + length];
        let id = inside.split('|').next().unwrap_or(inside);
        out.push_str(&rest[..start]);
        if ourselves.is_some_and(|ourselves| ourselves != id) {
            out.push_str(&rest[start..=start + length]);
        }
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// What somebody typed, from what Slack made of it: entities undone, links and mentions back to words.
/// In that order, so that a typed `&lt;@U1&gt;` stays the letters it was.
pub fn typed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let Some(length) = rest[start..].find('>') else {
            rest = &rest[start..];
            break;
        };
        out.push_str(&bracketed(&rest[start + 1..start + length]));
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn bracketed(inside: &str) -> String {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    let sign = match target.as_bytes() {
        [b'@', ..] => "@",
        [b'#', ..] => "#",
        [b'!', ..] => return format!("@{}", label.unwrap_or(&target[1..]).trim_start_matches('@')),
        _ => {
            let bare = target.trim_start_matches("mailto:");
            return match label {
                Some(label) if bare.ends_with(label) => label.to_owned(),
                Some(label) => format!("{label} ({target})"),
                None => bare.to_owned(),
            };
        }
    };
    format!("{sign}{}", label.unwrap_or(&target[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_from_what_slack_made_of_it() {
        for (slack, person) in [
            ("tip", "tip"),
            ("log R&amp;D said &lt;yes&gt;", "log R&D said <yes>"),
            ("see <https://acme.test/a?b=1&amp;c=2>", "see https://acme.test/a?b=1&c=2"),
            ("see <http://acme.test|acme.test>", "see acme.test"),
            ("see <https://acme.test/x|the page>", "see the page (https://acme.test/x)"),
            ("asked <@U012|dana> in <#C1|general>, <!here>", "asked @dana in #general, @here"),
            ("<@U012> and <#C12|>", "@U012 and #C12"),
            ("typed &lt;@U012&gt; by hand &amp;lt;", "typed <@U012> by hand &lt;"),
            ("mail <mailto:d@acme.test|d@acme.test>", "mail d@acme.test"),
            ("a < b and no end <", "a < b and no end <"),
        ] {
            assert_eq!(typed(slack), person);
        }
    }

    #[test]
    fn a_mention_is_read_without_our_name() {
        let read = |text| without_mention(text, Some("UBOT"));
        assert_eq!(read("<@UBOT> how do I say no?"), "how do I say no?");
        assert_eq!(read("ask <@U2> or <@UBOT|coach>: hm <@U"), "ask <@U2> or : hm <@U");
        assert_eq!(without_mention("<@UBOT> hi", None), "hi");
        let address = |text| without_address(text, Some("UBOT"));
        assert_eq!(address(" <@UBOT|coach>, log Thanked <@UBOT>"), "log Thanked <@UBOT>");
        assert_eq!(address("<@U2> said yes"), "<@U2> said yes");
        // Where nobody has said who we are, what somebody wrote stays whole.
        assert_eq!(without_address("<@UBOT> tip", None), "<@UBOT> tip");
    }

    #[test]
    fn a_message_has_a_link_in_its_thread_as_well() {
        let link = |thread| permalink("acme", "C1", "1700000000.000100", thread);
        assert_eq!(link(None).as_deref(), Some("https://acme.slack.com/archives/C1/p1700000000000100"));
        assert_eq!(link(Some("1700000000.000100")), link(None));
        assert_eq!(
            link(Some("1699999999.000200")).as_deref(),
            Some("https://acme.slack.com/archives/C1/p1700000000000100?thread_ts=1699999999.000200&cid=C1")
        );
        assert_eq!(permalink("evil.test/", "C1", "1.2", None), None);
    }

    #[test]
    fn a_command_needs_a_team_and_a_user_and_nothing_else() {
        assert!(command(b"team_id=T1&user_id=U1").is_some());
        let full =
            command(b"team_id=T1&user_id=U1&text=log+a%26b%20%C3%A4&trigger_id=1.2&new_field=x").unwrap();
        assert_eq!((full.text.as_str(), full.trigger_id.as_deref()), ("log a&b ä", Some("1.2")));
        for body in ["", "team_id=T1", "user_id=U1", "team_id=&user_id=U1", "{}", "\u{0}"] {
            assert_eq!(command(body.as_bytes()), None, "{body}");
        }
        assert_eq!(command(b"\xff\xfe"), None);
    }

    #[test]
    fn the_character_that_no_database_text_holds_is_left_out() {
        let command = command(b"team_id=T1%00&user_id=%00U1&text=log+a%00b").unwrap();
        assert_eq!((command.who.to_string().as_str(), command.text.as_str()), ("T1/U1", "log ab"));
        let event = br#"{"type":"url_verification","challenge":"a\u0000b\\u0000"}"#;
        assert_eq!(super::event(event), Some(Event::Verify { challenge: r"ab\u0000".to_owned() }));
    }
}
