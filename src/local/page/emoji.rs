//! Emoji by name: the few that people type most. Others stay as they were typed, between colons.

const KNOWN: &[(&str, &str)] = &[
    ("+1", "👍"),
    ("-1", "👎"),
    ("bulb", "💡"),
    ("calendar", "📆"),
    ("clap", "👏"),
    ("eyes", "👀"),
    ("fire", "🔥"),
    ("grinning", "😀"),
    ("heart", "❤️"),
    ("joy", "😂"),
    ("memo", "📝"),
    ("muscle", "💪"),
    ("pray", "🙏"),
    ("raised_hands", "🙌"),
    ("rocket", "🚀"),
    ("slightly_smiling_face", "🙂"),
    ("smile", "😄"),
    ("sob", "😭"),
    ("sparkles", "✨"),
    ("star", "⭐"),
    ("tada", "🎉"),
    ("thinking_face", "🤔"),
    ("thumbsup", "👍"),
    ("warning", "⚠️"),
    ("wave", "👋"),
    ("white_check_mark", "✅"),
    ("wink", "😉"),
    ("x", "❌"),
];

/// The text with every known name replaced.
pub fn by_name(text: &str) -> String {
    if !text.contains(':') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(':') {
        out.push_str(before);
        let found = after.split_once(':').and_then(|(name, tail)| {
            KNOWN.iter().find(|(known, _)| *known == name).map(|(_, sign)| (*sign, tail))
        });
        match found {
            Some((sign, tail)) => {
                out.push_str(sign);
                rest = tail;
            }
            None => {
                out.push(':');
                rest = after;
            }
        }
    }
    out + rest
}
