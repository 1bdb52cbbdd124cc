//! What Slack's own client would say to an entry before it is sent.

use super::form;
use super::human::Human;

impl Human {
    /// Whether the open form's field of this label could hold that.
    ///
    /// # Errors
    /// Why not, in the words of Slack's client.
    pub fn could_enter(&self, label: &str, answer: &str) -> Result<(), String> {
        let Some(mut view) = self.modal() else { return Err("no form is open".to_owned()) };
        let blocks = view["blocks"].clone();
        let fields = form::fields(&blocks);
        let field = fields.iter().find(|field| field.label() == label).ok_or("no such field")?;
        form::fill(field, &mut view["state"]["values"], answer)
    }
}
