//! Secret, timestamp, body, header, now: genuine or not. Slack's scheme v0.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use super::Secret;

/// A request older or newer than this is not believed, in seconds.
const WINDOW_SECONDS: i64 = 300;

/// Why a request is not believed. For the log; whoever sent it learns nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("a signature header is missing or stands twice")]
    Headers,
    #[error("the timestamp is no number of seconds")]
    Timestamp,
    #[error("the timestamp is more than five minutes away from this machine's clock")]
    Stale,
    #[error("the signature fits none of the secrets")]
    Signature,
}

/// Checks the raw bytes of a request against its headers. Several secrets count while rotating.
///
/// # Errors
/// [`Refused`], for the log only.
pub fn verify(
    secrets: &[Secret],
    timestamp: &str,
    signature: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Refused> {
    // Digits and nothing else: `parse` alone would take "+1531420618".
    if timestamp.is_empty() || !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refused::Timestamp);
    }
    let seconds: i64 = timestamp.parse().map_err(|_| Refused::Timestamp)?;
    if (now.as_second() - seconds).abs() > WINDOW_SECONDS {
        return Err(Refused::Stale);
    }
    let claimed = signature.strip_prefix("v0=").and_then(from_hex).ok_or(Refused::Signature)?;
    let genuine = secrets
        .iter()
        .filter(|secret| !secret.reveal().is_empty())
        // `verify_slice` takes the same time wherever the difference is.
        .any(|secret| mac(secret, timestamp, body).verify_slice(&claimed).is_ok());
    if genuine { Ok(()) } else { Err(Refused::Signature) }
}

fn mac(secret: &Secret, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    // The secret looks like hex, but its text is the key.
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).expect("HMAC takes a key of any length");
    mac.update(b"v0:");
    mac.update(timestamp.as_bytes());
    mac.update(b":");
    mac.update(body);
    mac
}

/// Exactly 64 lowercase hex digits.
fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let bytes = text.as_bytes();
    let mut out = [0; 32];
    if bytes.len() != 64 {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    const SENT_AT: i64 = 1_531_420_618;

    fn check(
        secrets: &[&str],
        timestamp: &str,
        signature: &str,
        body: &[u8],
        now: i64,
    ) -> Result<(), Refused> {
        let secrets: Vec<Secret> = secrets.iter().map(|secret| Secret::new(*secret)).collect();
        verify(&secrets, timestamp, signature, body, Timestamp::from_second(now).unwrap())
    }

    #[test]
    fn the_documented_vector_is_genuine() {
        assert_eq!(BODY.len(), 362);
        assert_eq!(check(&[SECRET], "1531420618", SIGNATURE, BODY, SENT_AT), Ok(()));
        assert_eq!(check(&["new one", SECRET], "1531420618", SIGNATURE, BODY, SENT_AT), Ok(()));
    }

    #[test]
    fn the_window_is_five_minutes_both_ways() {
        for (now, expected) in [
            (SENT_AT + 300, Ok(())),
            (SENT_AT - 300, Ok(())),
            (SENT_AT + 301, Err(Refused::Stale)),
            (SENT_AT - 301, Err(Refused::Stale)),
        ] {
            assert_eq!(check(&[SECRET], "1531420618", SIGNATURE, BODY, now), expected);
        }
    }

    #[test]
    fn whatever_is_off_by_anything_is_refused() {
        let upper = SIGNATURE.to_uppercase();
        for (secret, timestamp, signature, body, expected) in [
            ("other", "1531420618", SIGNATURE, BODY, Refused::Signature),
            ("", "1531420618", SIGNATURE, BODY, Refused::Signature),
            (SECRET, "1531420617", SIGNATURE, BODY, Refused::Signature),
            (SECRET, "1531420618", SIGNATURE, b"token=x".as_slice(), Refused::Signature),
            (SECRET, "1531420618", &SIGNATURE[..66], BODY, Refused::Signature),
            (SECRET, "1531420618", &SIGNATURE[3..], BODY, Refused::Signature),
            (SECRET, "1531420618", &upper, BODY, Refused::Signature),
            (SECRET, "1531420618", "v1=a2114d57", BODY, Refused::Signature),
            (SECRET, "", SIGNATURE, BODY, Refused::Timestamp),
            (SECRET, "+1531420618", SIGNATURE, BODY, Refused::Timestamp),
            (SECRET, "99999999999999999999", SIGNATURE, BODY, Refused::Timestamp),
        ] {
            assert_eq!(
                check(&[secret], timestamp, signature, body, SENT_AT),
                Err(expected),
                "{timestamp} {signature}"
            );
        }
    }
}
