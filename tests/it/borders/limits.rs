//! Too much and too slow.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rung::http::{self, Door, Limits};
use rung::slack::Secret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::*;

const MIB: usize = 1 << 20;

#[tokio::test]
async fn a_mebibyte_is_read_and_a_byte_more_is_not() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    for route in ROUTES {
        let mut body = sound(&chat, route);
        // What a command, a form and JSON each take no notice of.
        if route == EVENTS {
            body.resize(MIB, b' ');
        } else {
            body.extend_from_slice(b"&more=");
            body.resize(MIB, b'x');
        }
        assert_eq!(chat.slack.posts(route, content_type(route), body.clone()).await.0, 200, "{route}");
        body.push(b' ');
        let (status, answer) = announced(&chat, route, MIB + 1).await;
        assert_eq!((status, answer.as_str()), (413, ""), "{route}: refused while nothing of it was sent");
        assert_eq!(chunked(&chat, route, &body).await, 413, "{route}: no length was announced");
    }
    chat.ends().await;
}

/// Announces a body and sends none of it.
async fn announced(chat: &Chat, route: &str, length: usize) -> (u16, String) {
    let mut stream = TcpStream::connect(chat.address().await).await.unwrap();
    let head = format!("POST {route} HTTP/1.1\r\nhost: rung\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    read_answer(&mut stream).await
}

async fn chunked(chat: &Chat, route: &str, body: &[u8]) -> u16 {
    let at = chat.clock.now().as_second().to_string();
    let signature = sign(&chat.slack.signing_secret(), &at, body);
    let stream = TcpStream::connect(chat.address().await).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let head = format!(
        "POST {route} HTTP/1.1\r\nhost: rung\r\n{TIMESTAMP}: {at}\r\n{SIGNATURE}: {signature}\r\n\
         transfer-encoding: chunked\r\n\r\n"
    );
    let mut bytes = head.into_bytes();
    for chunk in body.chunks(64 * 1024) {
        bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    // The server may hang up before it has everything.
    let writing = tokio::spawn(async move { write.write_all(&bytes).await.map(|()| write) });
    let (status, _) = read_answer(&mut read).await;
    let _ = writing.await;
    status
}

/// The status and the body; 0 where the connection was closed without an answer.
async fn read_answer(stream: &mut (impl AsyncReadExt + Unpin)) -> (u16, String) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let whole = async {
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            }
            let text = String::from_utf8_lossy(&bytes);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), whole).await.expect("an answer, or an end");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, text.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned()))
}

/// The chat's server behind a second, less patient door.
async fn impatient(chat: &Chat, limits: Limits) -> (SocketAddr, CancellationToken) {
    let door = Door {
        app: chat.app().await,
        signing_secrets: vec![Secret::new(chat.slack.signing_secret())].into(),
        limits,
    };
    let listener = http::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    tokio::spawn(http::serve(listener, http::router(door), limits, stop.clone()));
    (address, stop)
}

#[tokio::test]
async fn whoever_dribbles_headers_is_shown_the_door() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let limits = Limits { headers_within: Duration::from_millis(300), ..Limits::default() };
    let (address, stop) = impatient(&chat, limits).await;
    let started = Instant::now();
    let dribbling = (0..20).map(|_| async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut one = [0; 1];
        for byte in format!("POST {COMMANDS} HTTP/1.1\r\nx-slow: {}", "z".repeat(200)).bytes() {
            let _ = stream.write_all(&[byte]).await;
            // A byte every 50 ms; a read that ends means that the server has closed.
            match tokio::time::timeout(Duration::from_millis(50), stream.read(&mut one)).await {
                Err(_) => {}
                Ok(Ok(n)) if n > 0 => {
                    let mut rest = String::new();
                    let _ = stream.read_to_string(&mut rest).await;
                    return;
                }
                Ok(_) => return,
            }
        }
        panic!("the server still listened after ten seconds of dribble");
    });
    let mut all = tokio::task::JoinSet::new();
    dribbling.for_each(|one| drop(all.spawn(one)));
    all.join_all().await;
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    stop.cancel();
    chat.ends().await;
}

#[tokio::test]
async fn whoever_says_nothing_or_dribbles_a_body_is_shown_the_door() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let limits = Limits {
        headers_within: Duration::from_millis(300),
        body_within: Duration::from_millis(300),
        ..Limits::default()
    };
    let (address, stop) = impatient(&chat, limits).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    assert_eq!(read_answer(&mut silent).await.0, 0);

    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(
        format!("POST {COMMANDS} HTTP/1.1\r\nhost: rung\r\ncontent-length: 100\r\n\r\nte").as_bytes(),
    )
    .await
    .unwrap();
    assert_eq!(read_answer(&mut slow).await, (408, String::new()));
    stop.cancel();
    chat.ends().await;
}

#[tokio::test]
async fn there_are_only_so_many_connections_and_the_next_one_waits() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (address, stop) = impatient(&chat, Limits { connections: 2, ..Limits::default() }).await;
    let held = [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
    let mut third = TcpStream::connect(address).await.unwrap();
    third.write_all(b"GET /healthz HTTP/1.1\r\nhost: rung\r\n\r\n").await.unwrap();
    let mut one = [0; 1];
    let early = tokio::time::timeout(Duration::from_millis(300), third.peek(&mut one)).await;
    assert!(early.is_err(), "two are being served and this is the third");
    drop(held);
    assert_eq!(read_answer(&mut third).await.0, 200);
    stop.cancel();
    chat.ends().await;
}

#[test]
fn strangers_get_ten_seconds_and_five_hundred_connections() {
    let limits = Limits::default();
    assert_eq!(
        (limits.headers_within, limits.body_within),
        (Duration::from_secs(10), Duration::from_secs(10))
    );
    // With the database and Slack beside them they fit under the common limit of 1,024 open files.
    assert_eq!(limits.connections, 512);
}
