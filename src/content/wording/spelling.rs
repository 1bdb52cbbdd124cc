//! British spelling, -ise. American words are wrong only here, not in general: one spelling keeps
//! search and readers from stumbling.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::draft::Draft;
use super::super::problem::Problem;
use super::super::words::words;

/// Stems whose -ize is -ise for us: `organize`, `organized`, `organization` …
const ISE: &str = "agon anonym apolog author capital categor central character civil commercial \
    conceptual context critic crystall custom decentral demonet depriorit digit disorgan econom emphas \
    empath energ equal familiar fictional final formal general global harmon hypothes ideal idol \
    immun incentiv individual industrial initial institutional internal internation ital item jeopard \
    legal legitim local magnet marginal material maxim memor mesmer minim mobil modern monet \
    monopol motor national neutral normal operational optim organ ostrac patron penal personal \
    polar politic popular pressur priorit privat public random rational real recogn regular reorgan \
    revolution sanit scrutin sensation serial social special stabil standard sterilis strateg \
    subsid summar symbol sympath synchron synthes systemat terror theor tokeni trivial urban util \
    verbal victim visual vocal weapon western";

/// What can follow `organi` + `z`, and the same with `s`.
const ISE_ENDINGS: &str = "e ed es er ers ing ation ations ational able";

/// Verbs that double their last letter for us: `cancelled`, `labelling`, `traveller`.
const DOUBLED: &str = "cancel channel counsel dial duel equal fuel funnel initial label level marshal model panel \
    pencil quarrel rival shovel signal spiral total travel tunnel unravel";

const DOUBLED_ENDINGS: &str = "ed ing er ers or ors";

/// American stem, British stem, and the endings that both take; the bare stem is always meant too.
const OTHERS: &[(&str, &str, &str)] = &[
    ("ardor", "ardour", ""),
    ("armor", "armour", "s ed"),
    ("behavior", "behaviour", "s al ally"),
    ("candor", "candour", ""),
    ("clamor", "clamour", "s ed ing"),
    ("color", "colour", "s ed ing ful less"),
    ("demeanor", "demeanour", "s"),
    ("endeavor", "endeavour", "s ed ing"),
    ("favor", "favour", "s ed ing able ably ite ites itism"),
    ("fervor", "fervour", ""),
    ("flavor", "flavour", "s ed ing"),
    ("harbor", "harbour", "s ed ing"),
    ("honor", "honour", "s ed ing able"),
    ("humor", "humour", "s ed ing"),
    ("labor", "labour", "s ed ing er ers"),
    ("neighbor", "neighbour", "s ing hood hoods"),
    ("parlor", "parlour", "s"),
    ("rancor", "rancour", ""),
    ("rigor", "rigour", "s"),
    ("rumor", "rumour", "s ed"),
    ("savior", "saviour", "s"),
    ("savor", "savour", "s ed ing"),
    ("splendor", "splendour", "s"),
    ("valor", "valour", ""),
    ("vapor", "vapour", "s"),
    ("vigor", "vigour", ""),
    ("caliber", "calibre", "s"),
    ("center", "centre", "s"),
    ("centered", "centred", ""),
    ("centering", "centring", ""),
    ("fiber", "fibre", "s"),
    ("kilometer", "kilometre", "s"),
    ("liter", "litre", "s"),
    ("luster", "lustre", ""),
    ("meager", "meagre", "ly"),
    ("somber", "sombre", "ly"),
    ("specter", "spectre", "s"),
    ("theater", "theatre", "s"),
    ("analyz", "analys", "e ed es er ers ing"),
    ("catalyz", "catalys", "e ed es ing"),
    ("paralyz", "paralys", "e ed es ing"),
    ("analog", "analogue", "s"),
    ("catalog", "catalogue", "s"),
    ("cataloged", "catalogued", ""),
    ("dialog", "dialogue", "s"),
    ("monolog", "monologue", "s"),
    ("jewelry", "jewellery", ""),
    ("marvelous", "marvellous", "ly"),
    ("appall", "appal", "s"),
    ("distill", "distil", "s"),
    ("enroll", "enrol", "s ment ments"),
    ("fulfill", "fulfil", "s ment"),
    ("installment", "instalment", "s"),
    ("instill", "instil", "s"),
    ("skillful", "skilful", "ly"),
    ("willful", "wilful", "ly"),
    ("defense", "defence", "s less"),
    ("offense", "offence", "s"),
    ("pretense", "pretence", "s"),
    ("practiced", "practised", ""),
    ("practicing", "practising", ""),
    ("acknowledgment", "acknowledgement", "s"),
    ("aging", "ageing", ""),
    ("judgment", "judgement", "s al"),
    ("aluminum", "aluminium", ""),
    ("airplane", "aeroplane", "s"),
    ("artifact", "artefact", "s"),
    ("cozy", "cosy", ""),
    ("esthetic", "aesthetic", "s ally"),
    ("gray", "grey", "s ed ing er"),
    ("maneuver", "manoeuvre", "s"),
    ("math", "maths", ""),
    ("mold", "mould", "s ed ing"),
    ("mom", "mum", "s"),
    ("mustache", "moustache", "s"),
    ("pajamas", "pyjamas", ""),
    ("plow", "plough", "s ed ing"),
    ("program", "programme", "s"),
    ("skeptic", "sceptic", "s al ally ism"),
    ("specialty", "speciality", ""),
    ("specialties", "specialities", ""),
    ("tidbit", "titbit", "s"),
    ("afterward", "afterwards", ""),
    ("gotten", "got", ""),
    ("toward", "towards", ""),
];

/// Every American form and its British one.
static BRITISH: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut british = HashMap::new();
    let mut family = |american: &str, ours: &str, endings: &[&str]| {
        for ending in endings {
            british.insert(format!("{american}{ending}"), format!("{ours}{ending}"));
        }
    };
    let endings = |endings: &'static str| endings.split_whitespace().collect::<Vec<_>>();
    for stem in ISE.split_whitespace() {
        family(&format!("{stem}iz"), &format!("{stem}is"), &endings(ISE_ENDINGS));
    }
    for stem in DOUBLED.split_whitespace() {
        let last = stem.chars().last().unwrap_or_default();
        family(stem, &format!("{stem}{last}"), &endings(DOUBLED_ENDINGS));
    }
    for (american, ours, more) in OTHERS {
        family(american, ours, &[&[""], endings(more).as_slice()].concat());
    }
    british
});

/// Synonyms are what people may type, so they may be spelt as people spell.
pub fn check(draft: &Draft, problems: &mut Vec<Problem>) {
    for (_, text) in draft.texts().iter().filter(|(name, _)| name != "synonyms") {
        for (range, word) in words(&text.text) {
            let bare = word.strip_suffix("'s").unwrap_or(&word);
            if let Some(british) = BRITISH.get(bare) {
                let line = text.line_of(range.start, &draft.source);
                let what = format!("\"{bare}\" is the American spelling");
                problems.push(draft.source.wording(line, what, format!("write \"{british}\"")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn american_words_have_their_british_form() {
        for (american, british) in [
            ("organizational", Some("organisational")),
            ("prioritizing", Some("prioritising")),
            ("behavioral", Some("behavioural")),
            ("centered", Some("centred")),
            ("labeled", Some("labelled")),
            ("counselor", Some("counsellor")),
            ("practicing", Some("practising")),
            ("judgment", Some("judgement")),
            ("fulfillment", Some("fulfilment")),
            ("programs", Some("programmes")),
            ("gray", Some("grey")),
        ] {
            assert_eq!(BRITISH.get(american).map(String::as_str), british, "{american}");
        }
    }

    #[test]
    fn words_that_both_sides_spell_alike_are_left_alone() {
        for word in [
            "size",
            "prize",
            "seize",
            "practice",
            "rigorous",
            "humorous",
            "label",
            "level",
            "programmer",
            "programming",
            "license",
            "licence",
            "metre",
            "meter",
            "equal",
            "total",
            "favourite",
            "analyst",
            "catalyst",
            "controlled",
            "focused",
            "draft",
            "check",
            "offensive",
            "modelling",
            "skill",
            "enrolled",
        ] {
            assert_eq!(BRITISH.get(word), None, "{word}");
        }
    }

    #[test]
    fn enough_families_are_known() {
        let stems = ISE.split_whitespace().count() + DOUBLED.split_whitespace().count() + OTHERS.len();
        assert!(stems >= 150, "{stems}");
    }
}
