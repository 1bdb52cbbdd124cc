//! How fast `/coach tip` is, signed, over real HTTP, with its durable write; how much memory that takes, and how
//! long a start takes until the first answer.
//!
//! `tests/bench/run` runs it beside Bolt for JavaScript and Bolt for Python, which check the same signature and
//! answer the same command from memory. `cargo bench --bench tip` measures Rung alone.
//! Arguments: `--requests 20000`, `--connections 16`, `--against NAME=PORT:PID` for each other server.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a bench prints figures"
)]

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use hmac::{Hmac, KeyInit, Mac};
use rung::clock::Clock;
use rung::local::Workspace;
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The other servers are given the same.
const SECRET: &str = "the-bench-signs-with-this";
/// How many people ask in turn.
const PEOPLE: u64 = 200;
/// The pace of a large workspace's busiest minute, for latency without a queue.
const PACE: u64 = 100;
const STARTS: usize = 11;

static ASKED: AtomicU64 = AtomicU64::new(0);
/// The workspace that Rung's token is for; it would look for the token of another again and again.
static TEAM: OnceLock<String> = OnceLock::new();

struct Server {
    name: String,
    address: SocketAddr,
    pid: u32,
}

struct Figures {
    per_second: f64,
    busy: [Duration; 2],
    paced: [Duration; 2],
    resident: f64,
}

struct Options {
    requests: u64,
    connections: u64,
    others: Vec<Server>,
}

fn main() {
    let options = options();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let slack = Workspace::start(Clock::system()).await.unwrap();
        TEAM.set(slack.team_id()).unwrap();
        let mut starts: Vec<Duration> = Vec::new();
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}/rung.db", folder.path().display());
        for _ in 0..STARTS {
            let began = Instant::now();
            let (mut child, server) = start(&slack, &database);
            let mut connection = TcpStream::connect(server.address).await.unwrap();
            ask(&mut connection).await;
            starts.push(began.elapsed());
            child.kill().unwrap();
            child.wait().unwrap();
        }
        starts.sort_unstable();
        println!("from start to first answer, median of {STARTS}: {}", ms(starts[STARTS / 2]));

        let (mut child, rung) = start(&slack, &database);
        println!(
            "{:<22} {:>10} {:>10} {:>10} {:>12} {:>12} {:>10}",
            "",
            "answers/s",
            "p50",
            "p99",
            format!("p50 at {PACE}/s"),
            format!("p99 at {PACE}/s"),
            "memory"
        );
        for server in std::iter::once(&rung).chain(&options.others) {
            let figures = measure(server, &options).await;
            println!(
                "{:<22} {:>10.0} {:>10} {:>10} {:>12} {:>12} {:>6.1} MiB",
                server.name,
                figures.per_second,
                ms(figures.busy[0]),
                ms(figures.busy[1]),
                ms(figures.paced[0]),
                ms(figures.paced[1]),
                figures.resident
            );
        }
        child.kill().unwrap();
        child.wait().unwrap();
    });
}

fn options() -> Options {
    let mut options = Options { requests: 20_000, connections: 16, others: Vec::new() };
    // Cargo adds `--bench`.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        let value = words.next().unwrap_or_else(|| panic!("{word} wants a value"));
        match word.as_str() {
            "--requests" => options.requests = value.parse().unwrap(),
            "--connections" => options.connections = value.parse().unwrap(),
            "--against" => {
                let (name, place) = value.split_once('=').unwrap();
                let (port, pid) = place.split_once(':').unwrap();
                let address = SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()));
                options.others.push(Server { name: name.to_owned(), address, pid: pid.parse().unwrap() });
            }
            _ => panic!("{word} is not an argument of this bench"),
        }
    }
    options
}

fn start(slack: &Workspace, database: &str) -> (Child, Server) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rung"))
        .arg("serve")
        .env_clear()
        .env("SLACK_SIGNING_SECRET", SECRET)
        .env("SLACK_BOT_TOKEN", slack.bot_token())
        .env("SLACK_API_URL", slack.api_url())
        .env("DATABASE_URL", database)
        .env("RUNG_LISTEN", "127.0.0.1:0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let address = lines
        .find_map(|line| {
            let event: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            (event["message"] == "listening").then(|| event["address"].as_str()?.parse().ok())?
        })
        .expect("it says where it listens");
    std::thread::spawn(move || lines.for_each(drop));
    let server = Server { name: "Rung, SQLite".to_owned(), address, pid: child.id() };
    (child, server)
}

async fn measure(server: &Server, options: &Options) -> Figures {
    // Everybody is known, and every cache is warm, before it counts.
    busy(server.address, options.connections, options.requests / 10).await;
    let began = Instant::now();
    let mut took = busy(server.address, options.connections, options.requests).await;
    let per_second = took.len() as f64 / began.elapsed().as_secs_f64();
    let resident = resident(server.pid);
    let mut paced = paced(server.address, PACE * 10).await;
    Figures { per_second, busy: percentiles(&mut took), paced: percentiles(&mut paced), resident }
}

/// As many as it takes, each connection asking again as soon as it has its answer.
async fn busy(address: SocketAddr, connections: u64, requests: u64) -> Vec<Duration> {
    let left = Arc::new(AtomicU64::new(requests));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let left = Arc::clone(&left);
        tasks.spawn(async move {
            let mut connection = TcpStream::connect(address).await.unwrap();
            let mut took = Vec::new();
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
            {
                let began = Instant::now();
                ask(&mut connection).await;
                took.push(began.elapsed());
            }
            took
        });
    }
    tasks.join_all().await.concat()
}

/// One every so often whatever the answers take, each timed from when it should have gone out.
async fn paced(address: SocketAddr, requests: u64) -> Vec<Duration> {
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    const CONNECTIONS: u64 = 8;
    for lane in 0..CONNECTIONS {
        tasks.spawn(async move {
            let mut connection = TcpStream::connect(address).await.unwrap();
            let mut took = Vec::new();
            for n in (lane..requests).step_by(CONNECTIONS as usize) {
                let due = began + Duration::from_micros(n * 1_000_000 / PACE);
                tokio::time::sleep_until(due.into()).await;
                ask(&mut connection).await;
                took.push(due.elapsed());
            }
            took
        });
    }
    tasks.join_all().await.concat()
}

/// One signed `/coach tip`, each time another request of another person.
async fn ask(connection: &mut TcpStream) {
    let n = ASKED.fetch_add(1, Ordering::Relaxed);
    let body = format!(
        "token=x&team_id={}&team_domain=bench&channel_id=C0BENCH&channel_name=general&user_id=U{:04}&\
         user_name=someone&command=%2Fcoach&text=tip&api_app_id=A0BENCH&is_enterprise_install=false&\
         response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F{n}&trigger_id={n}.1.1",
        TEAM.wait(),
        n % PEOPLE
    );
    let at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("v0:{at}:{body}").as_bytes());
    let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let request = format!(
        "POST /slack/commands HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nx-slack-request-timestamp: {at}\r\nx-slack-signature: v0={signature}\r\n\r\n{body}",
        body.len()
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::with_capacity(8192);
    loop {
        assert!(connection.read_buf(&mut answer).await.unwrap() > 0, "the server closed the connection");
        if is_whole(&answer) {
            break;
        }
    }
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    assert!(answer.windows(8).any(|window| window == b"\"blocks\""), "an answer without blocks");
}

/// By its length, or by its last chunk.
fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let headers = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
    match headers.lines().find_map(|line| line.strip_prefix("content-length:")) {
        Some(length) => answer.len() >= head + 4 + length.trim().parse::<usize>().unwrap(),
        None => answer.ends_with(b"\r\n0\r\n\r\n"),
    }
}

fn percentiles(took: &mut [Duration]) -> [Duration; 2] {
    took.sort_unstable();
    [took[took.len() / 2], took[took.len() * 99 / 100]]
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// What the process holds in memory, in MiB.
fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: f64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN);
    kib / 1024.0
}
