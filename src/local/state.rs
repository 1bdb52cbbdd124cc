//! What the workspace remembers: who and what there is, what was said, and what is still valid.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::draw::Names;
use super::events::LastEvent;
use super::faults::{Crowd, Fault, Kind, Luck};
use super::files::Upload;
use super::traffic::Traffic;
use super::{ApiCall, SharedFile};
use crate::clock::{self, Clock};

pub(super) struct State {
    pub clock: Clock,
    pub me: Identity,
    /// Without a slash at its end; none until the app is connected.
    pub app: Option<String>,
    /// How long Slack waits for an answer, in real time.
    pub patience: Duration,
    pub command: String,
    pub is_down: bool,
    /// The bot's token counts no more.
    pub is_revoked: bool,
    pub faults: Vec<Fault>,
    pub luck: Vec<Luck>,
    /// Whom nothing can be sent to, and what happens to whoever tries.
    pub cursed: HashMap<String, Kind>,
    pub crowd: Crowd,
    pub scopes: BTreeSet<String>,
    /// Taken away by a test, and so no mistake of the app.
    pub revoked_scopes: BTreeSet<String>,
    pub users: HashMap<String, User>,
    pub channels: HashMap<String, Channel>,
    /// What their ids stand for on the screen.
    pub names: Names,
    pub messages: Vec<Posted>,
    pub views: Vec<View>,
    pub triggers: HashMap<String, Trigger>,
    pub response_urls: HashMap<String, ResponseUrl>,
    pub uploads: Vec<Upload>,
    /// Files by the `ts` of the message that they came with.
    pub shared: Vec<(String, Vec<SharedFile>)>,
    pub post_allowance: HashMap<String, (Timestamp, f64)>,
    pub calls: Vec<ApiCall>,
    pub complaints: Vec<String>,
    pub pings: Vec<String>,
    pub lines: Vec<Line>,
    pub last_event: Option<LastEvent>,
    /// Events that follow from the app's own calls, waiting to be sent.
    pub echoes: Vec<Value>,
    /// Kept once somebody looks.
    pub traffic: Option<Traffic>,
    seed: String,
    pub last_micros: i64,
    pub last_touch: u64,
}

/// The app's installation in this workspace.
#[derive(Clone)]
pub(super) struct Identity {
    pub api_url: String,
    pub origin: String,
    pub team: String,
    pub domain: String,
    pub app: String,
    pub bot: String,
    pub bot_user: String,
    pub token: String,
    pub secret: String,
    /// The deprecated `token` field of a payload.
    pub verification: String,
}

#[derive(Clone, Deserialize, Serialize)]
pub(super) struct User {
    pub id: String,
    pub name: String,
    pub zone: String,
    pub is_bot: bool,
    pub has_left: bool,
    #[serde(skip)]
    pub updated_at: Timestamp,
    /// Ids of open modals, the top one last.
    #[serde(skip)]
    pub stack: Vec<String>,
    /// Looks at App Home, so that a click goes there first.
    #[serde(skip)]
    pub is_at_home: bool,
    /// How many transcript lines `sees` has given already.
    #[serde(skip)]
    pub n_seen: usize,
    /// Messages touched after this are news to them.
    #[serde(skip)]
    pub acted_at: u64,
}

#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Channel {
    pub id: String,
    pub name: String,
    /// Whose DM with the coach this is.
    pub dm_of: Option<String>,
    pub has_bot: bool,
}

/// A message that stands somewhere.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Posted {
    pub ts: String,
    pub channel: String,
    pub author: String,
    pub only_for: Option<String>,
    pub text: String,
    pub blocks: Value,
    pub metadata: Value,
    pub thread_ts: Option<String>,
    /// What is chosen in its selects: `state.values`.
    pub values: Value,
    pub is_deleted: bool,
    pub is_edited: bool,
    /// Grows with every change: the newest message on the screen has the highest.
    pub touched: u64,
    /// What made it and changed it, where a record is kept.
    #[serde(skip)]
    pub exchanges: Vec<u64>,
}

/// A modal or a home tab, in full as Slack would hand it out.
#[derive(Clone)]
pub(super) struct View {
    pub id: String,
    pub user: String,
    pub json: Value,
    /// Under which block stands what, since it was last sent.
    pub errors: BTreeMap<String, String>,
}

pub(super) struct Trigger {
    pub user: String,
    pub made_at: Timestamp,
    pub is_used: bool,
}

#[derive(Clone)]
pub(super) struct ResponseUrl {
    pub user: String,
    pub channel: String,
    /// The message that was clicked; none for a slash command.
    pub message: Option<String>,
    pub made_at: Timestamp,
    pub n_uses: u32,
}

pub(super) struct Line {
    pub text: String,
    /// Nobody named: everybody sees it.
    pub only_for: Option<String>,
}

impl State {
    pub fn new(clock: Clock, seed: String, origin: String) -> Self {
        let id = |kind: &str| id_from(kind, &seed, kind);
        let me = Identity {
            api_url: format!("{origin}/api/"),
            origin,
            team: id("T"),
            domain: "local".to_owned(),
            app: id("A"),
            bot: id("B"),
            bot_user: id("U"),
            // Secrets are never derived from a seed: a page in a browser on this machine could forge them.
            token: format!("xoxb-{}", secret(48)),
            secret: secret(32),
            verification: secret(24),
        };
        let scopes = [
            "commands",
            "chat:write",
            "im:write",
            "users:read",
            "im:history",
            "app_mentions:read",
            "files:write",
        ];
        let bot = User {
            id: me.bot_user.clone(),
            name: "coach".to_owned(),
            zone: String::new(),
            is_bot: true,
            has_left: false,
            updated_at: clock.now(),
            stack: Vec::new(),
            is_at_home: false,
            n_seen: 0,
            acted_at: 0,
        };
        Self {
            clock,
            me,
            app: None,
            patience: Duration::from_secs(3),
            command: "/coach".to_owned(),
            is_down: false,
            is_revoked: false,
            faults: Vec::new(),
            luck: Vec::new(),
            cursed: HashMap::new(),
            crowd: Crowd::default(),
            scopes: scopes.map(str::to_owned).into(),
            revoked_scopes: BTreeSet::new(),
            names: [(bot.id.clone(), format!("@{}", bot.name))].into(),
            users: [(bot.id.clone(), bot)].into(),
            channels: HashMap::new(),
            messages: Vec::new(),
            views: Vec::new(),
            triggers: HashMap::new(),
            response_urls: HashMap::new(),
            uploads: Vec::new(),
            shared: Vec::new(),
            post_allowance: HashMap::new(),
            calls: Vec::new(),
            complaints: Vec::new(),
            pings: Vec::new(),
            lines: Vec::new(),
            last_event: None,
            echoes: Vec::new(),
            traffic: None,
            seed,
            last_micros: 0,
            last_touch: 0,
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A message's name: seconds and six digits, later than every one before, also on a clock that stands.
    pub fn next_ts(&mut self) -> String {
        self.last_micros = self.now().as_microsecond().max(self.last_micros + 1);
        format!("{}.{:06}", self.last_micros / 1_000_000, self.last_micros % 1_000_000)
    }

    pub fn next_touch(&mut self) -> u64 {
        self.last_touch += 1;
        self.last_touch
    }

    pub fn complain(&mut self, complaint: impl Into<String>) {
        self.complaints.push(complaint.into());
    }

    /// Writes into the transcript.
    pub fn tell(&mut self, only_for: Option<&str>, text: impl Into<String>) {
        self.lines.push(Line { text: text.into(), only_for: only_for.map(str::to_owned) });
    }

    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id)
    }

    /// For ids that this workspace gave out itself.
    pub fn known_user(&mut self, id: &str) -> &mut User {
        self.users.get_mut(id).expect("nobody is ever removed from the list")
    }

    pub fn name_of(&self, user: &str) -> String {
        self.user(user).map_or_else(|| "somebody".to_owned(), |user| user.name.clone())
    }

    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.get(id)
    }

    /// A person of this name, made on first mention.
    pub fn user_named(&mut self, name: &str, zone: &str) -> String {
        let id = id_from("U", &self.seed, name);
        if self.users.contains_key(&id) {
            return id;
        }
        self.names.insert(id.clone(), format!("@{name}"));
        let user = User {
            id: id.clone(),
            name: name.to_owned(),
            zone: zone.to_owned(),
            is_bot: false,
            has_left: false,
            updated_at: self.now(),
            stack: Vec::new(),
            is_at_home: false,
            n_seen: self.lines.len(),
            acted_at: 0,
        };
        self.users.insert(id.clone(), user);
        id
    }

    fn dm_id(&self, user: &str) -> String {
        id_from("D", &self.seed, user)
    }

    pub fn has_dm(&self, user: &str) -> bool {
        self.channels.contains_key(&self.dm_id(user))
    }

    /// The DM of a person with the coach, made on first mention.
    pub fn dm_of(&mut self, user: &str) -> String {
        let id = self.dm_id(user);
        let dm = || Channel {
            id: id.clone(),
            name: "directmessage".to_owned(),
            dm_of: Some(user.to_owned()),
            has_bot: true,
        };
        self.channels.entry(id.clone()).or_insert_with(dm);
        id
    }

    /// A public channel with everybody in it but the coach, made on first mention. An id is itself.
    pub fn channel_named(&mut self, name: &str) -> String {
        let name = name.trim_start_matches('#');
        if self.channels.contains_key(name) {
            return name.to_owned();
        }
        let id = id_from("C", &self.seed, name);
        self.names.insert(id.clone(), format!("#{name}"));
        let channel = || Channel { id: id.clone(), name: name.to_owned(), dm_of: None, has_bot: false };
        self.channels.entry(id.clone()).or_insert_with(channel);
        id
    }

    /// Good for one `views.open` or `views.push` within three seconds.
    pub fn new_trigger(&mut self, user: &str) -> String {
        let id = format!("{}.{}.{}", self.now().as_millisecond(), "47445629121", secret(32));
        let made_at = self.now();
        self.triggers.insert(id.clone(), Trigger { user: user.to_owned(), made_at, is_used: false });
        id
    }

    /// Good for five posts within thirty minutes.
    pub fn new_response_url(&mut self, user: &str, channel: &str, message: Option<&str>) -> String {
        let id = secret(40);
        let url = format!("{}/response/{}/{id}", self.me.origin, self.me.team);
        self.response_urls.insert(
            id,
            ResponseUrl {
                user: user.to_owned(),
                channel: channel.to_owned(),
                message: message.map(str::to_owned),
                made_at: self.now(),
                n_uses: 0,
            },
        );
        url
    }
}

/// The same id for the same thing in a workspace of the same seed.
fn id_from(kind: &str, seed: &str, what: &str) -> String {
    let digest = Sha256::digest(format!("{kind}/{seed}/{what}"));
    format!("{kind}0{}", hex(&digest[..5]).to_uppercase())
}

/// An id that no other view, event or block ever had, in this workspace or an earlier one.
pub(super) fn fresh_id(kind: &str) -> String {
    format!("{kind}0{}", secret(11).to_uppercase())
}

/// Hex digits nobody can guess.
fn secret(n_digits: usize) -> String {
    // A v7 name has 74 random bits; two of them hashed are enough for a workspace that lives in one process.
    let digest = Sha256::digest(clock::new_id() + &clock::new_id());
    hex(&digest).repeat(2)[..n_digits].to_owned()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
