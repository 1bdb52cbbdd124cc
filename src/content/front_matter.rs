//! The header of a Markdown file: what stands between two `---` lines.

/// A file, cut in two. Lines are counted from 1.
#[derive(Debug, PartialEq)]
pub struct Cut<'a> {
    pub header: &'a str,
    pub header_line: usize,
    pub body: &'a str,
    pub body_line: usize,
}

#[derive(Debug, PartialEq)]
pub enum Missing {
    /// The file does not begin with `---`.
    Opening,
    /// There is no second `---`.
    Closing,
}

/// Text as all of us see it: no byte order mark, every line ending `\n`.
pub fn plain(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}

pub fn cut(text: &str) -> Result<Cut<'_>, Missing> {
    let mut lines = text.split_inclusive('\n');
    let opening = lines.next().filter(|line| is_fence(line)).ok_or(Missing::Opening)?;
    let header_start = opening.len();
    let mut at = header_start;
    for (n, line) in lines.enumerate() {
        if is_fence(line) {
            let after = &text[at + line.len()..];
            let body = after.trim();
            let blank = after.len() - after.trim_start().len();
            let skipped = after[..blank].matches('\n').count();
            return Ok(Cut {
                header: &text[header_start..at],
                header_line: 2,
                body,
                body_line: if body.is_empty() { n + 2 } else { n + 3 + skipped },
            });
        }
        at += line.len();
    }
    Err(Missing::Closing)
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_and_body_know_their_lines() {
        let cut = cut("---\nid: a\n---\n\nBody\nmore\n").unwrap();
        assert_eq!((cut.header, cut.header_line), ("id: a\n", 2));
        assert_eq!((cut.body, cut.body_line), ("Body\nmore", 5));
    }

    #[test]
    fn an_empty_body_points_at_the_last_fence() {
        let cut = cut("---\nid: a\n---").unwrap();
        assert_eq!((cut.body, cut.body_line), ("", 3));
    }

    #[test]
    fn fences_are_missed() {
        assert_eq!(cut("id: a\n---\n"), Err(Missing::Opening));
        assert_eq!(cut(""), Err(Missing::Opening));
        assert_eq!(cut("---\nid: a\n"), Err(Missing::Closing));
    }

    #[test]
    fn windows_files_look_like_any_other() {
        assert_eq!(plain("\u{feff}---\r\nid: a\r\n---\r\n"), "---\nid: a\n---\n");
    }
}
