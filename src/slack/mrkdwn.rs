//! Markdown into Slack's dialect, escaped; and into plain words, for the text beside the blocks.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// Our own Markdown as mrkdwn. Text in it becomes text: nothing in it can ping or link by accident.
pub fn mrkdwn(markdown: &str) -> String {
    write(markdown, &Dialect { bold: "*", italic: "_", code: "`", link: true, escaped: true })
}

/// Our own Markdown as plain words, not escaped.
pub fn plain(markdown: &str) -> String {
    write(markdown, &Dialect { bold: "", italic: "", code: "", link: false, escaped: false })
}

/// Slack's three control characters. Never done twice.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

struct Dialect {
    bold: &'static str,
    italic: &'static str,
    code: &'static str,
    link: bool,
    escaped: bool,
}

fn write(markdown: &str, dialect: &Dialect) -> String {
    let mut out = String::with_capacity(markdown.len() + 16);
    let mut numbers: Vec<Option<u64>> = Vec::new();
    let mut link = None;
    let text = |text: &str| if dialect.escaped { guard(text) } else { text.to_owned() };
    for event in Parser::new(markdown) {
        match event {
            Event::Text(words) => out.push_str(&text(&words)),
            Event::Html(words) | Event::InlineHtml(words) => out.push_str(&text(&words)),
            Event::Code(words) => {
                let words = if dialect.escaped { escape(&words) } else { words.to_string() };
                out.push_str(&format!("{}{words}{}", dialect.code, dialect.code));
            }
            Event::SoftBreak => out.push(' '),
            Event::HardBreak => out.push('\n'),
            Event::Start(Tag::Strong) | Event::End(TagEnd::Strong) => out.push_str(dialect.bold),
            Event::Start(Tag::Emphasis) | Event::End(TagEnd::Emphasis) => out.push_str(dialect.italic),
            Event::Start(Tag::Heading { .. }) => out.push_str(dialect.bold),
            Event::End(TagEnd::Heading(_)) => {
                out.push_str(dialect.bold);
                out.push_str("\n\n");
            }
            Event::End(TagEnd::Paragraph) => out.push_str("\n\n"),
            Event::Start(Tag::List(first)) => numbers.push(first),
            Event::End(TagEnd::List(_)) => {
                numbers.pop();
                out.push('\n');
            }
            Event::Start(Tag::Item) => match numbers.last_mut() {
                Some(Some(number)) => {
                    out.push_str(&format!("{number}. "));
                    *number += 1;
                }
                _ => out.push_str("• "),
            },
            Event::End(TagEnd::Item) => out.push('\n'),
            Event::Start(Tag::Link { dest_url, .. }) => {
                if dialect.link {
                    out.push_str(&format!("<{}|", escape(&dest_url).replace('|', "%7C")));
                }
                link = Some(dest_url);
            }
            Event::End(TagEnd::Link) => match link.take() {
                Some(_) if dialect.link => out.push('>'),
                Some(url) => out.push_str(&format!(" ({url})")),
                None => {}
            },
            _ => {}
        }
    }
    out.trim_end().to_owned()
}

/// Text inside mrkdwn: escaped, and with a word joiner after what Slack would read as a style. Inside a
/// word, as in America/New_York, it reads none.
fn guard(text: &str) -> String {
    let escaped = escape(text);
    let mut out = String::with_capacity(escaped.len());
    let mut chars = escaped.chars().peekable();
    let mut in_word = false;
    while let Some(c) = chars.next() {
        out.push(c);
        let style = matches!(c, '*' | '_' | '~' | '`');
        if style && !(in_word && chars.peek().is_some_and(|next| next.is_alphanumeric())) {
            out.push('\u{2060}');
        }
        in_word = c.is_alphanumeric();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_slacks_dialect() {
        for (markdown, expected) in [
            ("**Weak:** “I'm *ready*.”", "*Weak:* “I'm _ready_.”"),
            ("Say `/coach log`.", "Say `/coach log`."),
            ("one\ntwo\n\nthree", "one two\n\nthree"),
            ("- a\n- b", "• a\n• b"),
            ("see [the page](https://a.test/?x=1&y=2)", "see <https://a.test/?x=1&amp;y=2|the page>"),
            ("R&D <3 a", "R&amp;D &lt;3 a"),
            ("\\<\\!channel\\> 2 \\* 3", "&lt;!channel&gt; 2 *\u{2060} 3"),
            ("<!channel>", "&lt;!channel&gt;"),
            ("snake_case", "snake_case"),
            ("\\_so\\_", "_\u{2060}so_\u{2060}"),
        ] {
            assert_eq!(mrkdwn(markdown), expected);
        }
    }

    #[test]
    fn markdown_becomes_plain_words() {
        assert_eq!(
            plain("**Weak:** say `/coach log` & [go](https://a.test)"),
            "Weak: say /coach log & go (https://a.test)"
        );
    }
}
