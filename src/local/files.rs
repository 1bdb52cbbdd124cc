//! Files: an address to send the bytes to, then shared in a channel, once.

use serde_json::{Value, json};

use super::SharedFile;
use super::args::{Args, Refusal};
use super::messages::Draft;
use super::state::{State, fresh_id};
use super::text;

/// An upload that was asked for.
pub(super) struct Upload {
    pub id: String,
    /// The end of the address that takes the bytes.
    pub key: String,
    pub name: String,
    pub length: usize,
    pub alt: String,
    pub bytes: Option<Vec<u8>>,
    pub is_shared: bool,
}

pub(super) fn get_upload_url(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let name = args.needed("filename")?;
    let length = args.text("length").parse::<usize>().unwrap_or_default();
    if length == 0 {
        return Err(Refusal::because("missing_argument", "/length must be the number of bytes, above 0"));
    }
    let alt = args.text("alt_txt");
    if text::length(&alt) > 1_000 {
        return Err(Refusal::because("alt_text_too_long", "/alt_txt has at most 1000 characters"));
    }
    let (id, key) = (fresh_id("F"), fresh_id("upload"));
    let url = format!("{}/upload/{key}", state.me.origin);
    state.uploads.push(Upload { id: id.clone(), key, name, length, alt, bytes: None, is_shared: false });
    Ok(json!({ "upload_url": url, "file_id": id }))
}

/// The bytes, at the address that was given out. No token, and no form around them.
pub(super) fn take(state: &mut State, path: &str, token: Option<&str>, bytes: &[u8]) -> u16 {
    let key = path.trim_start_matches("/upload/");
    if token.is_some() {
        state.complain(format!("{path}: the token goes to the Web API only"));
    }
    let Some(upload) = state.uploads.iter_mut().find(|upload| upload.key == key) else {
        state.complain(format!("{path}: no such address was given out"));
        return 404;
    };
    let (length, n) = (upload.length, bytes.len());
    upload.bytes = Some(bytes.to_vec());
    if length != n {
        state.complain(format!("{path}: {n} bytes came, {length} were announced"));
    }
    200
}

pub(super) fn complete_upload(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let files = args.structure("files", "invalid_arguments")?;
    let files = files.as_array().cloned().unwrap_or_default();
    if files.is_empty() {
        return Err(Refusal::because("invalid_arguments", "[ERROR] missing required field: files"));
    }
    let mut shared = Vec::new();
    for file in &files {
        let id = file["id"].as_str().unwrap_or_default();
        let found = state.uploads.iter().find(|upload| upload.id == id && !upload.is_shared);
        let Some((upload, bytes)) = found.and_then(|upload| Some((upload, upload.bytes.clone()?))) else {
            return Err(Refusal::because("file_not_found", format!("/files {id}")));
        };
        let title = file["title"].as_str().unwrap_or(&upload.name).to_owned();
        shared.push(SharedFile {
            id: id.to_owned(),
            name: upload.name.clone(),
            title,
            alt: upload.alt.clone(),
            bytes,
        });
    }
    let channel = args.text("channel_id");
    let comment = args.text("initial_comment");
    if !channel.is_empty() {
        let found = state.channel(&channel).cloned();
        let found =
            found.ok_or_else(|| Refusal::because("channel_not_found", format!("/channel_id {channel}")))?;
        if !found.has_bot {
            return Err(Refusal::because("not_in_channel", format!("/channel_id {channel}")));
        }
        // The words beside the files obey the rules of any message; without words the files stand alone.
        let mut words = args.clone();
        words.0.retain(|name, _| name == "thread_ts");
        let text = if comment.is_empty() { "(files)".to_owned() } else { comment };
        words.0.insert("text".to_owned(), text.into());
        let draft = Draft::read(state, "files.completeUploadExternal", &words)?;
        state.share(&channel, draft, shared.clone());
    }
    for upload in &mut state.uploads {
        upload.is_shared |= shared.iter().any(|file| file.id == upload.id);
    }
    let files: Vec<Value> = shared.iter().map(|file| json!({"id": file.id, "title": file.title})).collect();
    Ok(json!({ "files": files }))
}

impl State {
    fn share(&mut self, channel: &str, draft: Draft, files: Vec<SharedFile>) {
        let ts = self.post(channel, None, draft);
        let json = json_of(&files);
        for event in self.echoes.iter_mut().filter(|event| event["ts"] == ts.as_str()) {
            event["subtype"] = "file_share".into();
            event["files"] = json.clone();
        }
        let reader = self.channel(channel).and_then(|channel| channel.dm_of.clone());
        for file in &files {
            self.tell(reader.as_deref(), format!("    {}", drawn(file)));
        }
        self.shared.push((ts, files));
    }

    /// The files of a message.
    pub fn files_of(&self, ts: &str) -> &[SharedFile] {
        self.shared.iter().find(|(shared, _)| shared == ts).map_or(&[], |(_, files)| files)
    }
}

/// What `hex` made; nothing where it is none.
pub(super) fn from_hex(digits: &str) -> Vec<u8> {
    let pair = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..digits.len()).step_by(2).map_while(pair).collect()
}

pub(super) fn json_of(files: &[SharedFile]) -> Value {
    let one = |file: &SharedFile| {
        json!({
            "id": file.id, "name": file.name, "title": file.title, "size": file.bytes.len(), "alt_txt": file.alt,
        })
    };
    files.iter().map(one).collect()
}

/// "[file progress.png, 30412 bytes: Your progress (what it shows)]"
pub(super) fn drawn(file: &SharedFile) -> String {
    let alt = if file.alt.is_empty() { String::new() } else { format!(" ({})", file.alt) };
    format!("[file {}: {}{alt}]", file.name, file.title)
}
