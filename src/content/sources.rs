//! Whom we credit. A closed list: the ids that writers use, the words that readers see.

pub const SOURCES: [(&str, &str); 13] = [
    ("pm-dude", "The PM Dude, \"The Struggle for Product Management to Rise to Executive\""),
    ("mironov", "Rich Mironov, \"The Product Leadership Career Ladder\" (2019)"),
    ("stuck-thread", "Unsigned discussion thread on where PMs get stuck"),
    ("productplan", "\"Transitioning from Managing Products to Head of Product Management\" (ProductPlan)"),
    ("product-refinery", "The Product Refinery, article on becoming a product leader"),
    ("drucker", "Peter Drucker, \"The Practice of Management\" (1954), through ProductPlan"),
    ("cagan", "Marty Cagan, through ProductPlan"),
    ("hoadley", "Joni Hoadley, through ProductPlan"),
    ("gollwitzer-sheeran", "Peter Gollwitzer and Paschal Sheeran on if-then plans (2006)"),
    ("taylor-russ-eft-chan", "Paul Taylor, Darlene Russ-Eft and Daniel Chan on behaviour modelling (2005)"),
    (
        "yoon-blunden-kristal-whillans",
        "Jaewon Yoon, Hayley Blunden, Ariella Kristal and Ashley Whillans on advice and feedback \
         (Harvard Business School)",
    ),
    ("cmi", "Chartered Management Institute and YouGov, survey of managers (2023)"),
    ("ours", crate::coach::library::OURS),
];

pub fn attribution(id: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(known, _)| *known == id).map(|(_, words)| *words)
}

pub fn ids() -> impl Iterator<Item = &'static str> {
    SOURCES.iter().map(|(id, _)| *id)
}
