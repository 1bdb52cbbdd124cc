//! A workspace that outlives its process: people, channels, what was said and sent, in a file beside the
//! app's database. What only one person saw for a while is not kept: in Slack, too, loading anew ends it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::state::{Channel, Posted, State, User, View, hex};
use super::workspace::Workspace;
use super::{SharedFile, files};

/// As it stands in the file.
#[derive(Deserialize, Serialize)]
pub struct Kept {
    /// What time it was there, in microseconds: time never goes back.
    now: i64,
    last_micros: i64,
    last_touch: u64,
    users: Vec<User>,
    channels: Vec<Channel>,
    messages: Vec<Posted>,
    files: Vec<KeptFile>,
    /// Each person's App Home.
    homes: Vec<(String, String, Value)>,
}

#[derive(Deserialize, Serialize)]
struct KeptFile {
    ts: String,
    id: String,
    name: String,
    title: String,
    alt: String,
    /// Its bytes in hex.
    bytes: String,
}

impl Kept {
    /// What is in this file; None where there is no file yet.
    ///
    /// # Errors
    /// Where it cannot be read, or is no such file.
    pub fn read(path: &Path) -> anyhow::Result<Option<Kept>> {
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            other => other.with_context(|| format!("reading {}", path.display()))?,
        };
        let kept = serde_json::from_str(&text).with_context(|| {
            format!("{} holds no conversations of the local Slack; move it away", path.display())
        })?;
        Ok(Some(kept))
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.now).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn of(state: &State) -> Kept {
        let messages = state.messages.iter().filter(|posted| posted.only_for.is_none());
        let file = |ts: &str, file: &SharedFile| KeptFile {
            ts: ts.to_owned(),
            id: file.id.clone(),
            name: file.name.clone(),
            title: file.title.clone(),
            alt: file.alt.clone(),
            bytes: hex(&file.bytes),
        };
        let homes = state.views.iter().filter(|view| view.json["type"] == "home");
        Kept {
            now: state.now().as_microsecond(),
            last_micros: state.last_micros,
            last_touch: state.last_touch,
            users: state.users.values().filter(|user| !user.is_bot).cloned().collect(),
            channels: state.channels.values().cloned().collect(),
            messages: messages.cloned().collect(),
            files: state
                .shared
                .iter()
                .flat_map(|(ts, files)| files.iter().map(move |one| file(ts, one)))
                .collect(),
            homes: homes.map(|view| (view.id.clone(), view.user.clone(), view.json.clone())).collect(),
        }
    }

    /// Into its place at once or not at all.
    fn write(&self, path: &Path) -> anyhow::Result<()> {
        let fresh = path.with_extension("new");
        let text = serde_json::to_vec(self).context("writing down the conversations")?;
        std::fs::write(&fresh, text).with_context(|| format!("writing {}", fresh.display()))?;
        std::fs::rename(&fresh, path).with_context(|| format!("writing {}", path.display()))
    }
}

impl Workspace {
    /// Takes up where it was left. People and channels that are there already stay.
    pub fn takes_up(&self, kept: Kept) {
        let mut state = self.state();
        state.last_micros = state.last_micros.max(kept.last_micros);
        state.last_touch = state.last_touch.max(kept.last_touch);
        for mut user in kept.users {
            user.updated_at = state.now();
            state.names.insert(user.id.clone(), format!("@{}", user.name));
            state.users.insert(user.id.clone(), user);
        }
        for channel in kept.channels {
            if channel.dm_of.is_none() {
                state.names.insert(channel.id.clone(), format!("#{}", channel.name));
            }
            state.channels.insert(channel.id.clone(), channel);
        }
        state.messages.extend(kept.messages);
        let homes = kept.homes.into_iter();
        state.views.extend(homes.map(|(id, user, json)| View { id, user, json, errors: Default::default() }));
        for file in kept.files {
            let shared = SharedFile {
                id: file.id,
                name: file.name,
                title: file.title,
                alt: file.alt,
                bytes: files::from_hex(&file.bytes),
            };
            match state.shared.iter_mut().find(|(ts, _)| *ts == file.ts) {
                Some((_, files)) => files.push(shared),
                None => state.shared.push((file.ts, vec![shared])),
            }
        }
    }

    /// Writes all that is to be kept into this file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn keeps(&self, path: &Path) -> anyhow::Result<()> {
        // One at a time, so that the newest comes last.
        let _turn = self.keeping();
        let kept = Kept::of(&self.state());
        kept.write(path)
    }

    /// The same after everything that happens, until the last handle is gone.
    pub fn keeps_on(&self, path: PathBuf) {
        let mut changed = self.changes();
        let weak = self.weak();
        tokio::spawn(async move {
            while changed.changed().await.is_ok() {
                let Some(workspace) = weak.upgrade().map(Workspace::from) else { return };
                let path = path.clone();
                // A full disk is told of at the end, when it matters: see `keeps`.
                let _ = tokio::task::spawn_blocking(move || workspace.keeps(&path)).await;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn what_all_could_read_is_there_again_and_time_has_not_gone_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("demo.db-slack.json");
        assert!(Kept::read(&path).unwrap().is_none());
        let clock = Clock::fixed("2026-03-02T08:00:00Z".parse().unwrap());
        let first = Workspace::start_named(clock.clone(), "kept").await.unwrap();
        first.connect("http://127.0.0.1:1");
        let ana = first.person("ana", "Europe/Berlin");
        first.invites_coach("product");
        ana.says_in("general", "Morning, all").await;
        clock.advance(jiff::SignedDuration::from_hours(24 * 7));
        let id = first.channel("general");
        let (ts, files) = {
            let mut state = first.state();
            let mut only = state.messages[0].clone();
            only.only_for = Some(ana.id());
            state.messages.push(only);
            let file = SharedFile {
                id: "F1".to_owned(),
                name: "a.png".to_owned(),
                title: "A".to_owned(),
                alt: "a".to_owned(),
                bytes: vec![0, 127, 255],
            };
            let ts = state.messages[0].ts.clone();
            state.shared.push((ts.clone(), vec![file]));
            (ts, vec![0, 127, 255])
        };
        first.keeps(&path).unwrap();
        drop(first);

        let kept = Kept::read(&path).unwrap().unwrap();
        assert_eq!(kept.now(), "2026-03-09T08:00:00Z".parse().unwrap());
        let again = Workspace::start_named(Clock::fixed(kept.now()), "kept").await.unwrap();
        again.takes_up(kept);
        assert_eq!(again.channel("general"), id);
        let mut state = again.state();
        assert_eq!(state.messages.len(), 1, "what only one person saw is gone");
        assert_eq!(state.messages[0].text, "Morning, all");
        assert_eq!(state.files_of(&ts)[0].bytes, files);
        assert!(state.next_ts() > ts);
        assert!(state.channels.values().any(|channel| channel.name == "product" && channel.has_bot));
        assert_eq!(state.user(&ana.id()).unwrap().zone, "Europe/Berlin");
        drop(state);

        std::fs::write(&path, json!({"nothing": 1}).to_string()).unwrap();
        assert!(Kept::read(&path).is_err());
    }
}
