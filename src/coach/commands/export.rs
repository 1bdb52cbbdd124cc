//! `/coach export`: everything that is known about somebody, as a file in the direct message.

use crate::coach::command::{Command, Spec};
use crate::coach::reply::Reply;
use crate::coach::{Enclosure, Outcome, Scene};

pub const SPEC: Spec = Spec {
    name: "export",
    args: "",
    about: "All I know about you, as files",
    examples: &["export"],
    also: &["download", "my-data"],
    parse: |_| Ok(Command::Export),
};

pub fn answer(scene: &Scene) -> Outcome {
    let reply = Reply::text("Everything I know about you is on its way to our direct message, as two files.")
        .and_note(format!(
            "JSON holds every row, for programs; CSV holds your cards, for a spreadsheet. Only you get them; what \
             you do with them is up to you. {} erases what I keep.",
            scene.code("forget me")
        ));
    Outcome::say(reply).enclosing([Enclosure::Everything, Enclosure::CaseCsv])
}
