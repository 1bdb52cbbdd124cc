//! Slack's text as what a browser can draw: runs of words with their looks. No HTML is made here, so
//! that nothing anybody wrote can become markup: the templates escape every word.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use serde_json::Value;

use super::emoji;
use crate::local::draw::Names;
use crate::local::text::{Piece, pieces};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Look {
    pub bold: bool,
    pub italic: bool,
    pub strike: bool,
    pub code: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Words,
    /// Only ever http, https, mailto or tel.
    Link(String),
    Mention,
    /// With the instant as machines read it.
    Time(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub text: String,
    pub kind: Kind,
    pub look: Look,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Prose {
    Paragraph(Vec<Run>),
    Heading(Vec<Run>),
    Quote(Vec<Run>),
    Code(String),
    List { is_ordered: bool, indent: u64, start: u64, items: Vec<Vec<Run>> },
}

/// Who reads: what ids stand for, and which wall clock counts.
pub struct Eyes<'a> {
    pub names: &'a Names,
    pub zone: &'a TimeZone,
    pub now: Timestamp,
}

impl Eyes<'_> {
    fn name(&self, id: &str, label: &str) -> String {
        match self.names.get(id) {
            Some(name) => name.clone(),
            None if label.is_empty() => id.to_owned(),
            None => label.to_owned(),
        }
    }
}

pub fn plain(text: &str) -> Vec<Prose> {
    if text.is_empty() { Vec::new() } else { vec![Prose::Paragraph(vec![words(text, Look::default())])] }
}

fn words(text: &str, look: Look) -> Run {
    Run { text: text.to_owned(), kind: Kind::Words, look }
}

pub fn mrkdwn(text: &str, eyes: &Eyes) -> Vec<Prose> {
    let mut out = Vec::new();
    for (at, part) in text.split("```").enumerate() {
        if at % 2 == 1 {
            out.push(Prose::Code(unescape(part.trim_matches('\n'))));
            continue;
        }
        let mut kept: Vec<&str> = Vec::new();
        let mut is_quote = false;
        for line in part.trim_matches('\n').split('\n') {
            let quoted = line.strip_prefix("&gt;").or_else(|| line.strip_prefix('>'));
            if quoted.is_some() != is_quote {
                flush(&mut out, &mut kept, is_quote, eyes);
                is_quote = quoted.is_some();
            }
            kept.push(quoted.map_or(line, |quoted| quoted.strip_prefix(' ').unwrap_or(quoted)));
        }
        flush(&mut out, &mut kept, is_quote, eyes);
    }
    out
}

fn flush(out: &mut Vec<Prose>, kept: &mut Vec<&str>, is_quote: bool, eyes: &Eyes) {
    let lines = std::mem::take(kept);
    if lines.iter().all(|line| line.trim().is_empty()) {
        return;
    }
    let mut runs = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            push(&mut runs, "\n", Look::default());
        }
        let tokens = tokens(line);
        inline(&tokens, Look::default(), eyes, &mut runs);
    }
    for run in runs.iter_mut().filter(|run| run.kind == Kind::Words && !run.look.code) {
        run.text = emoji::by_name(&run.text);
    }
    out.push(if is_quote { Prose::Quote(runs) } else { Prose::Paragraph(runs) });
}

enum Token<'a> {
    Char(char),
    Sequence(&'a str),
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for piece in pieces(line) {
        match piece {
            Piece::Sequence(inside) => tokens.push(Token::Sequence(inside)),
            Piece::Words(words) => {
                let mut rest = words;
                while let Some(first) = rest.chars().next() {
                    let entity = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')]
                        .into_iter()
                        .find(|(name, _)| rest.starts_with(name));
                    let (character, length) =
                        entity.map_or((first, first.len_utf8()), |(name, sign)| (sign, name.len()));
                    tokens.push(Token::Char(character));
                    rest = &rest[length..];
                }
            }
        }
    }
    tokens
}

/// Marks open before a word and close after one; what opens nothing stays as it is.
fn inline(tokens: &[Token], look: Look, eyes: &Eyes, out: &mut Vec<Run>) {
    let is_word = |at: usize| matches!(tokens.get(at), Some(Token::Char(c)) if c.is_alphanumeric());
    let is_space = |at: usize| matches!(tokens.get(at), None | Some(Token::Char(' ' | '\t')));
    // A mark that closes nowhere from here closes nowhere later either.
    let mut hopeless = String::new();
    let mut at = 0;
    while at < tokens.len() {
        let mark = match &tokens[at] {
            Token::Sequence(inside) => {
                sequence(inside, look, eyes, out);
                at += 1;
                continue;
            }
            Token::Char(c) => *c,
        };
        let inner = match mark {
            '*' if !look.bold => Some(Look { bold: true, ..look }),
            '_' if !look.italic => Some(Look { italic: true, ..look }),
            '~' if !look.strike => Some(Look { strike: true, ..look }),
            '`' => Some(Look { code: true, ..look }),
            _ => None,
        };
        let opens =
            (at == 0 || !is_word(at - 1)) && !is_space(at + 1) && !look.code && !hopeless.contains(mark);
        if let Some(inner) = inner.filter(|_| opens) {
            let closes = |end: &usize| {
                matches!(tokens[*end], Token::Char(c) if c == mark)
                    && !is_space(*end - 1)
                    && !is_word(end + 1)
            };
            match (at + 2..tokens.len()).find(closes) {
                Some(end) => {
                    inline(&tokens[at + 1..end], inner, eyes, out);
                    at = end + 1;
                    continue;
                }
                None => hopeless.push(mark),
            }
        }
        push(out, mark.encode_utf8(&mut [0; 4]), look);
        at += 1;
    }
}

fn push(out: &mut Vec<Run>, text: &str, look: Look) {
    match out.last_mut() {
        Some(last) if last.kind == Kind::Words && last.look == look => last.text.push_str(text),
        _ => out.push(words(text, look)),
    }
}

fn sequence(inside: &str, look: Look, eyes: &Eyes, out: &mut Vec<Run>) {
    let (target, label) = inside.split_once('|').unwrap_or((inside, ""));
    let label = unescape(label);
    let (text, kind) = match target.split_at_checked(1) {
        Some(("@" | "#", id)) => (eyes.name(id, &label), Kind::Mention),
        Some(("!", rest)) => match rest.strip_prefix("date^") {
            Some(date) => date_of(date, &label, eyes),
            None if label.is_empty() => (format!("@{rest}"), Kind::Mention),
            None => (label, Kind::Mention),
        },
        _ => {
            let address = unescape(target);
            let text = if label.is_empty() { address.clone() } else { label };
            (text, link(&address))
        }
    };
    out.push(Run { text, kind, look });
}

/// A link, if it leads to where a link may lead.
fn link(address: &str) -> Kind {
    let lower = address.trim().to_lowercase();
    let is_safe = ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme));
    if is_safe { Kind::Link(address.trim().to_owned()) } else { Kind::Words }
}

fn date_of(date: &str, fallback: &str, eyes: &Eyes) -> (String, Kind) {
    let mut parts = date.split('^');
    let at =
        parts.next().and_then(|at| at.parse::<i64>().ok()).and_then(|at| Timestamp::from_second(at).ok());
    let (Some(at), Some(format)) = (at, parts.next()) else { return (fallback.to_owned(), Kind::Words) };
    (moment(format, at, eyes), Kind::Time(at.to_string()))
}

/// A date by Slack's tokens, on the reader's wall.
fn moment(format: &str, at: Timestamp, eyes: &Eyes) -> String {
    let wall = at.to_zoned(eyes.zone.clone());
    let today = eyes.now.to_zoned(eyes.zone.clone()).date();
    let days = wall.date().since(today).map_or(i32::MAX, |span| span.get_days());
    let near = match days {
        0 => Some("today"),
        1 => Some("tomorrow"),
        -1 => Some("yesterday"),
        _ => None,
    };
    let form = |how: &str| wall.strftime(how).to_string();
    let pretty = |how: &str| near.map_or_else(|| form(how), str::to_owned);
    format
        .replace("{date_num}", &form("%Y-%m-%d"))
        .replace("{date_short_pretty}", &pretty("%-d %b %Y"))
        .replace("{date_long_pretty}", &pretty("%A, %-d %B %Y"))
        .replace("{date_pretty}", &pretty("%-d %B %Y"))
        .replace("{date_short}", &form("%-d %b %Y"))
        .replace("{date_long}", &form("%A, %-d %B %Y"))
        .replace("{date}", &form("%-d %B %Y"))
        .replace("{time_secs}", &form("%H:%M:%S"))
        .replace("{time}", &form("%H:%M"))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

pub fn rich_text(elements: &Value, eyes: &Eyes) -> Vec<Prose> {
    let draw = |element: &Value| {
        let runs = || leaves(&element["elements"], eyes);
        match element["type"].as_str().unwrap_or_default() {
            "rich_text_quote" => Prose::Quote(runs()),
            "rich_text_preformatted" => Prose::Code(runs().into_iter().map(|run| run.text).collect()),
            "rich_text_list" => Prose::List {
                is_ordered: element["style"] == "ordered",
                indent: element["indent"].as_u64().unwrap_or(0).min(8),
                start: element["offset"].as_u64().unwrap_or(0) + 1,
                items: array(&element["elements"]).map(|item| leaves(&item["elements"], eyes)).collect(),
            },
            _ => Prose::Paragraph(runs()),
        }
    };
    array(elements).map(draw).collect()
}

fn leaves(elements: &Value, eyes: &Eyes) -> Vec<Run> {
    let leaf = |leaf: &Value| {
        let field = |name: &str| leaf[name].as_str().unwrap_or_default();
        let flag = |name: &str| leaf["style"][name] == true;
        let look =
            Look { bold: flag("bold"), italic: flag("italic"), strike: flag("strike"), code: flag("code") };
        let (text, kind) = match field("type") {
            "link" => {
                let text = if field("text").is_empty() { field("url") } else { field("text") };
                (text.to_owned(), link(field("url")))
            }
            "user" => (eyes.name(field("user_id"), ""), Kind::Mention),
            "channel" => (eyes.name(field("channel_id"), ""), Kind::Mention),
            "usergroup" => (format!("@{}", field("usergroup_id")), Kind::Mention),
            "broadcast" => (format!("@{}", field("range")), Kind::Mention),
            "emoji" => (emoji::by_name(&format!(":{}:", field("name"))), Kind::Words),
            "date" => match leaf["timestamp"].as_i64().and_then(|at| Timestamp::from_second(at).ok()) {
                Some(at) => (moment(field("format"), at, eyes), Kind::Time(at.to_string())),
                None => (field("fallback").to_owned(), Kind::Words),
            },
            "color" => (field("value").to_owned(), Kind::Words),
            _ => (field("text").to_owned(), Kind::Words),
        };
        Run { text, kind, look }
    };
    array(elements).map(leaf).collect()
}

/// Standard Markdown, as a `markdown` block has it. HTML in it is words.
pub fn markdown(text: &str) -> Vec<Prose> {
    let mut out = Vec::new();
    let mut runs: Vec<Run> = Vec::new();
    let mut look = Look::default();
    let mut address: Option<String> = None;
    let mut lists: Vec<(bool, u64)> = Vec::new();
    let mut items: Vec<Vec<Run>> = Vec::new();
    let mut is_quote = false;
    let mut code: Option<String> = None;
    for event in Parser::new_ext(text, pulldown_cmark::Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Strong) => look.bold = true,
            Event::End(TagEnd::Strong) => look.bold = false,
            Event::Start(Tag::Emphasis) => look.italic = true,
            Event::End(TagEnd::Emphasis) => look.italic = false,
            Event::Start(Tag::Strikethrough) => look.strike = true,
            Event::End(TagEnd::Strikethrough) => look.strike = false,
            Event::Start(Tag::Link { dest_url, .. }) => address = Some(dest_url.to_string()),
            Event::End(TagEnd::Link) => address = None,
            Event::Start(Tag::BlockQuote(_)) => is_quote = true,
            Event::End(TagEnd::BlockQuote(_)) => is_quote = false,
            Event::Start(Tag::List(start)) => {
                // What stands above an inner list comes before it.
                if let Some((is_ordered, n)) = lists.last_mut() {
                    items.extend((!runs.is_empty()).then(|| std::mem::take(&mut runs)));
                    let (items, is_ordered, start) = (std::mem::take(&mut items), *is_ordered, *n);
                    *n += items.len() as u64;
                    out.push(Prose::List { is_ordered, indent: lists.len() as u64 - 1, start, items });
                }
                lists.push((start.is_some(), start.unwrap_or(1)));
            }
            Event::End(TagEnd::Item) => items.extend((!runs.is_empty()).then(|| std::mem::take(&mut runs))),
            Event::End(TagEnd::List(_)) => {
                let (is_ordered, start) = lists.pop().unwrap_or((false, 1));
                let items = std::mem::take(&mut items);
                if !items.is_empty() {
                    out.push(Prose::List { is_ordered, indent: lists.len() as u64, start, items });
                }
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => {
                code = Some(String::new())
            }
            Event::End(TagEnd::CodeBlock) => out.push(Prose::Code(code.take().unwrap_or_default())),
            Event::End(TagEnd::Heading(_)) => out.push(Prose::Heading(std::mem::take(&mut runs))),
            Event::End(TagEnd::Paragraph) if lists.is_empty() => {
                let runs = std::mem::take(&mut runs);
                out.push(if is_quote { Prose::Quote(runs) } else { Prose::Paragraph(runs) });
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => match &mut code {
                Some(code) => code.push_str(&text),
                None => {
                    let kind = address.as_deref().map_or(Kind::Words, link);
                    runs.push(Run { text: text.to_string(), kind, look });
                }
            },
            Event::Code(text) => runs.push(words(&text, Look { code: true, ..look })),
            Event::SoftBreak | Event::HardBreak => push(&mut runs, "\n", look),
            _ => {}
        }
    }
    if !runs.is_empty() {
        out.push(Prose::Paragraph(runs));
    }
    out
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> String {
        let names = Names::from([("U0A".to_owned(), "@ana".to_owned())]);
        let zone = jiff::tz::TimeZoneDatabase::bundled().get("Asia/Kolkata").unwrap();
        let eyes = Eyes { names: &names, zone: &zone, now: "2026-03-02T09:00:00Z".parse().unwrap() };
        let run = |run: &Run| {
            let marks =
                [(run.look.bold, "b"), (run.look.italic, "i"), (run.look.strike, "s"), (run.look.code, "c")];
            let marks: String = marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark).collect();
            let kind = match &run.kind {
                Kind::Words => String::new(),
                Kind::Link(to) => format!("→{to}"),
                Kind::Mention => "@".to_owned(),
                Kind::Time(at) => format!("@{at}"),
            };
            format!("[{marks}{kind}|{}]", run.text)
        };
        let runs = |runs: &[Run]| runs.iter().map(run).collect::<String>();
        let prose = mrkdwn(text, &eyes);
        let all = prose.iter().map(|prose| match prose {
            Prose::Paragraph(some) => runs(some),
            Prose::Quote(some) => format!("> {}", runs(some)),
            Prose::Code(code) => format!("```{code}```"),
            other => format!("{other:?}"),
        });
        all.collect::<Vec<_>>().join(" ¶ ")
    }

    #[test]
    fn marks_make_looks_where_slack_would_and_stay_letters_elsewhere() {
        let check = |text, expected| assert_eq!(drawn(text), expected, "{text}");
        check("*Weak:* two", "[b|Weak:][| two]");
        check("*a _b_*!", "[b|a ][bi|b][|!]");
        check("2*3*4 and snake_case_name", "[|2*3*4 and snake_case_name]");
        check("`a * b` ~no~", "[c|a * b][| ][s|no]");
        check("* not bold *", "[|* not bold *]");
        check(
            "see <https://a.example/?a=1&amp;b=2|here> &lt;b&gt;",
            "[|see ][→https://a.example/?a=1&b=2|here][| <b>]",
        );
        check("hi <@U0A>\n> a quote\nafter", "[|hi ][@|@ana] ¶ > [|a quote] ¶ [|after]");
        check("```x < *y*```", "```x < *y*```");
        check("<javascript:alert(1)|x>", "[|<javascript:alert(1)|x>]");
        check("<!date^1772442000^{date_short_pretty} {time}|x>", "[@2026-03-02T09:00:00Z|today 14:30]");
        check(":tada: and :nothing_known:", "[|🎉 and :nothing_known:]");
    }

    #[test]
    fn a_list_in_a_list_stands_below_its_item() {
        let drawn: Vec<String> = markdown("1. one\n   - inner\n   - more\n2. two")
            .into_iter()
            .map(|prose| match prose {
                Prose::List { is_ordered, indent, start, items } => {
                    let items = items.into_iter().map(|runs| runs.into_iter().map(|run| run.text).collect());
                    format!("{is_ordered} {indent} {start} {}", items.collect::<Vec<String>>().join("|"))
                }
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(drawn, ["true 0 1 one", "false 1 1 inner|more", "true 0 2 two"]);
    }

    #[test]
    fn a_text_of_nothing_but_marks_comes_to_an_end() {
        for mark in ["*", "_a ", "`*_~", "* *"] {
            drawn(&mark.repeat(2_000));
        }
    }
}
