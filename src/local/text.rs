//! Slack's mrkdwn: what a typed line becomes on its way to the app, and which of the app's characters
//! would ping somebody or must be escaped.

use std::collections::BTreeMap;

/// A stretch of mrkdwn: words, or what stands between `<` and `>` where that means something.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'a> {
    Words(&'a str),
    Sequence(&'a str),
}

pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut words_from = 0;
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|found| at + found) {
        let inside = text[open + 1..].split('>').next().unwrap_or_default();
        let end = open + 1 + inside.len();
        if end < text.len() && is_sequence(inside) {
            if words_from < open {
                pieces.push(Piece::Words(&text[words_from..open]));
            }
            pieces.push(Piece::Sequence(inside));
            words_from = end + 1;
            at = end + 1;
        } else {
            at = open + 1;
        }
    }
    if words_from < text.len() {
        pieces.push(Piece::Words(&text[words_from..]));
    }
    pieces
}

fn is_sequence(inside: &str) -> bool {
    if inside.contains(['<', '\n']) {
        return false;
    }
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label)),
        None => (inside, None),
    };
    let is_id = |id: &str, kinds: &[char]| {
        id.len() > 1
            && id.starts_with(kinds)
            && id.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
    };
    let links = ["https://", "http://", "mailto:", "tel:"];
    match target.split_at_checked(1) {
        Some(("@", id)) => is_id(id, &['U', 'W']),
        Some(("#", id)) => is_id(id, &['C', 'G', 'D']),
        Some(("!", "here" | "channel" | "everyone")) => true,
        Some(("!", rest)) => match rest.split_once('^') {
            Some(("subteam", id)) => is_id(id, &['S']),
            // The fallback is required: it is all that a client without the reader's zone can show.
            Some(("date", date)) => {
                label.is_some() && date.split('^').next().is_some_and(|at| at.parse::<i64>().is_ok())
            }
            _ => false,
        },
        _ => links.iter().any(|link| target.len() > link.len() && target.starts_with(link)),
    }
}

/// What is wrong with a mrkdwn text, and whom it would ping.
pub(super) struct Scan {
    pub broken: Vec<&'static str>,
    pub pings: Vec<String>,
}

pub(super) fn scan(text: &str) -> Scan {
    let mut scan = Scan { broken: Vec::new(), pings: Vec::new() };
    let mut is_line_start = true;
    for piece in pieces(text) {
        match piece {
            Piece::Sequence(inside) => {
                if is_ping(inside) {
                    scan.pings.push(format!("<{inside}>"));
                }
                is_line_start = false;
            }
            Piece::Words(words) => {
                for (at, character) in words.char_indices() {
                    let rest = &words[at..];
                    let is_entity = ["&amp;", "&lt;", "&gt;"].iter().any(|entity| rest.starts_with(entity));
                    match character {
                        '&' if !is_entity => scan.broken.push("a bare & must be written &amp;"),
                        '<' => scan.broken.push("a < that begins no known sequence must be written &lt;"),
                        // At the start of a line it makes a quote.
                        '>' if !is_line_start => {
                            scan.broken.push("a > that ends no sequence must be written &gt;")
                        }
                        _ => {}
                    }
                    is_line_start = character == '\n' || (is_line_start && character == '>');
                }
            }
        }
    }
    scan.broken.dedup();
    scan
}

fn is_ping(inside: &str) -> bool {
    inside.starts_with(['@', '#']) || (inside.starts_with('!') && !inside.starts_with("!date^"))
}

/// As Slack counts, by the stricter of the two readings: UTF-16 units, so that an emoji is two.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A message as it is typed becomes what events carry: escaped, links and known names in brackets.
pub(super) fn formatted(typed: &str, names: &BTreeMap<String, String>) -> String {
    let words = typed.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_end();
        let space = &word[bare.len()..];
        if bare.starts_with("https://") || bare.starts_with("http://") {
            let link = bare.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
            return format!("<{}>{}{space}", escape(link), escape(&bare[link.len()..]));
        }
        let name = bare.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
        let marks = name.chars().next().filter(|first| ['@', '#'].contains(first));
        match (marks, names.iter().find(|(_, known)| known.as_str() == name)) {
            (Some(mark), Some((id, _))) => format!("<{mark}{id}>{}{space}", escape(&bare[name.len()..])),
            _ => escape(word),
        }
    });
    words.collect()
}

/// What a person reads: sequences by their labels, entities as characters.
pub(super) fn readable(text: &str, names: &BTreeMap<String, String>) -> String {
    let read = |piece| match piece {
        Piece::Words(words) => unescape(words),
        Piece::Sequence(inside) => {
            let (target, label) = inside.split_once('|').unwrap_or((inside, ""));
            match target.split_at(1) {
                ("@" | "#", id) => names.get(id).cloned().unwrap_or_else(|| unescape(label)),
                ("!", broadcast) if label.is_empty() => format!("@{broadcast}"),
                _ if label.is_empty() => unescape(target),
                _ => unescape(label),
            }
        }
    };
    pieces(text).into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> BTreeMap<String, String> {
        [("U0A".to_owned(), "@ana".to_owned()), ("C0G".to_owned(), "#general".to_owned())].into()
    }

    #[test]
    fn a_typed_message_is_escaped_and_its_links_are_marked() {
        let check = |typed, expected| assert_eq!(formatted(typed, &names()), expected);
        check("R&D <now>", "R&amp;D &lt;now&gt;");
        check("see https://a.example/?x=1&y=2, ok", "see <https://a.example/?x=1&amp;y=2>, ok");
        check("ask @ana\nor #general", "ask <@U0A>\nor <#C0G>");
        check("not me@ana", "not me@ana");
    }

    #[test]
    fn what_must_be_escaped_is_found_and_sequences_are_left_alone() {
        let check = |text: &str, expected: &[&str]| {
            let broken = scan(text).broken;
            assert_eq!(broken.len(), expected.len(), "{text}: {broken:?}");
            for (found, expected) in broken.iter().zip(expected) {
                assert!(found.contains(expected), "{text}: {found}");
            }
        };
        check("*bold* &amp; <https://a.example|a &amp; b> &lt;3", &[]);
        check("> a quote\n> another\n&gt; none", &[]);
        check("a & b", &["bare &"]);
        check("&quot;", &["bare &"]);
        check("if a < b", &["begins no known"]);
        check("a -> b", &["ends no sequence"]);
        check("<script>", &["begins no known", "ends no sequence"]);
        check("<!date^1700000000^{date}|14 Nov, 22:13 UTC>", &[]);
        check("<!date^1700000000^{date}>", &["begins no known", "ends no sequence"]);
    }

    #[test]
    fn pings_are_found_wherever_they_stand() {
        assert_eq!(
            scan("hi <@U0A>, <!here> and <#C0G|general>").pings,
            ["<@U0A>", "<!here>", "<#C0G|general>"]
        );
        assert_eq!(scan("<https://a.example> <!date^1^x|y> &lt;!channel&gt;").pings, [""; 0]);
    }

    #[test]
    fn a_person_reads_labels_and_names() {
        let check = |text, expected| assert_eq!(readable(text, &names()), expected);
        check("<@U0A> in <#C0G> &amp; <https://a.example|here>", "@ana in #general & here");
        check("<https://a.example> <!here>", "https://a.example @here");
        check("a &lt; b &amp;amp;", "a < b &amp;");
    }
}
