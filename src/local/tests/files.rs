//! Files, step by step and once.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_file_is_announced_sent_and_shared_once() {
    let workspace = Workspace::start(clock()).await.unwrap();
    let ana = workspace.person("ana", "Europe/Berlin");
    let dm = ana.dm();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let api = Api { workspace: workspace.clone(), client: client.clone() };
    let said = async |method: &str, args: Value| {
        let answer = api.call(method, args).await;
        (answer["error"].as_str().unwrap_or("ok").to_owned(), answer)
    };
    let get = "files.getUploadURLExternal";
    let complete = "files.completeUploadExternal";
    assert_eq!(said(get, json!({"filename": "a.txt", "length": 0})).await.0, "missing_argument");
    let long = "x".repeat(1_001);
    assert_ne!(said(get, json!({"filename": "a.txt", "length": 3, "alt_txt": long})).await.0, "ok");

    let (ok, got) = said(get, json!({"filename": "a.txt", "length": 3, "alt_txt": "three letters"})).await;
    assert_eq!(ok, "ok");
    let files = json!([{"id": got["file_id"], "title": "A file"}]);
    let share = json!({"files": files, "channel_id": dm, "initial_comment": "Here."});
    assert_eq!(said(complete, share.clone()).await.0, "file_not_found", "no bytes yet");
    let n_complaints = workspace.complaints().len();
    let url = got["upload_url"].as_str().unwrap();
    assert_eq!(client.post(url).body("abc").send().await.unwrap().status(), 200);
    let elsewhere = json!({"files": share["files"], "channel_id": "C0NONE"});
    assert_eq!(said(complete, elsewhere).await.0, "channel_not_found");
    assert_eq!(said(complete, share.clone()).await.0, "ok");
    assert_eq!(said(complete, share).await.0, "file_not_found", "only once");
    let files = ana.files();
    assert_eq!(
        (files.len(), files[0].bytes.as_slice(), files[0].alt.as_str()),
        (1, &b"abc"[..], "three letters")
    );
    assert_eq!(ana.dms()[0].drawn, "Here.\n[file a.txt: A file (three letters)]");
    assert_eq!(workspace.complaints().len(), n_complaints + 2);

    workspace.revoke_scope("files:write");
    assert_eq!(said(get, json!({"filename": "a.txt", "length": 3})).await.0, "missing_scope");
}
