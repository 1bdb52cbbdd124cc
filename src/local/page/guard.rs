//! What protects the page from other pages: it answers only to its own names, acts only for forms of
//! its own, and lets nothing from elsewhere run in it.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Page;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub async fn guard(State(page): State<Page>, request: Request, next: Next) -> Response {
    let refusal = refusal(request.method(), request.headers(), page.0.is_open_to_all);
    let mut response = match refusal {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    let headers = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in headers {
        // A file has a stricter policy of its own.
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn refusal(method: &Method, headers: &HeaderMap, is_open_to_all: bool) -> Option<&'static str> {
    let text = |name: header::HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    };
    let host = text(header::HOST);
    // A name that somebody else's DNS points to this machine is not ours.
    if !is_open_to_all && !is_loopback(host) {
        return Some("this page answers to localhost only\n");
    }
    let origin = text(header::ORIGIN);
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()).unwrap_or("same-origin");
    let is_own =
        (origin.is_empty() || origin == format!("http://{host}")) && ["same-origin", "none"].contains(&site);
    (method != Method::GET && method != Method::HEAD && !is_own).then_some("another page cannot act here\n")
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_pages_can_act() {
        let check = |method: Method, pairs: &[(&'static str, &'static str)], is_taken: bool| {
            let headers: HeaderMap = pairs
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(refusal(&method, &headers, false).is_none(), is_taken, "{method} {pairs:?}");
        };
        let host = ("host", "127.0.0.1:4400");
        check(Method::GET, &[host], true);
        check(Method::GET, &[("host", "localhost:4400")], true);
        check(Method::GET, &[("host", "[::1]:4400")], true);
        check(Method::GET, &[("host", "rebound.example:4400")], false);
        check(Method::GET, &[], false);
        check(Method::POST, &[host], true);
        check(
            Method::POST,
            &[host, ("origin", "http://127.0.0.1:4400"), ("sec-fetch-site", "same-origin")],
            true,
        );
        check(Method::POST, &[host, ("origin", "https://evil.example")], false);
        check(Method::POST, &[host, ("origin", "null")], false);
        check(Method::POST, &[host, ("sec-fetch-site", "cross-site")], false);
    }
}
