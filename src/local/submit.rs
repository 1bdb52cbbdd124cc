//! A person fills a form, sends it, sends it twice, or closes it.

use serde_json::Value;

use super::human::Human;
use super::state::{State, View};
use super::{Answer, form, payload};

impl Human {
    /// Fills fields of the open modal by label (others stay as they are) and submits it. Options go by
    /// their words, several with `, ` between; dates as YYYY-MM-DD, times as HH:MM; `""` empties a field.
    pub async fn submits(&self, fields: &[(&str, &str)]) -> Answer {
        let filled = self.fill(&mut self.act(), fields);
        let view = match filled {
            Ok(view) => view,
            Err(problem) => return Answer::from_slack(Some(&problem)),
        };
        let payload = payload::submission(&mut self.workspace.state(), &self.id, &view);
        let delivered = self.workspace.interacts(&payload).await;
        let error = self.workspace.state().take_submission_answer(&self.id, &view.id, &delivered);
        self.workspace.has_changed();
        delivered.answer(error)
    }

    /// A double press: two payloads of the same view at once.
    pub async fn submits_twice(&self, fields: &[(&str, &str)]) -> [Answer; 2] {
        let filled = self.fill(&mut self.act(), fields);
        let view = match filled {
            Ok(view) => view,
            Err(problem) => return [(); 2].map(|()| Answer::from_slack(Some(&problem))),
        };
        let [one, two] = {
            let mut state = self.workspace.state();
            [(); 2].map(|()| payload::submission(&mut state, &self.id, &view))
        };
        let (one, two) = tokio::join!(self.workspace.interacts(&one), self.workspace.interacts(&two));
        let answers = [one, two].map(|delivered| {
            let error = self.workspace.state().take_submission_answer(&self.id, &view.id, &delivered);
            delivered.answer(error)
        });
        self.workspace.has_changed();
        answers
    }

    /// What Slack's client would not send stays in the form, with its reason.
    fn fill(&self, state: &mut State, fields: &[(&str, &str)]) -> Result<View, String> {
        let view = state.top_of(&self.id).cloned();
        let mut view = view.unwrap_or_else(|| panic!("no form is open: {}", state.screen(&self.id)));
        let blocks = view.json["blocks"].clone();
        let known = form::fields(&blocks);
        for (label, answer) in fields {
            let field = known.iter().find(|field| field.label() == *label);
            let field = field.unwrap_or_else(|| panic!("no field {label:?}: {}", state.screen(&self.id)));
            if let Err(why) = form::fill(field, &mut view.json["state"]["values"], answer) {
                panic!("{label}: {why}");
            }
        }
        if let Some(kept) = state.views.iter_mut().find(|kept| kept.id == view.id) {
            kept.json = view.json.clone();
        }
        let name = state.name_of(&self.id);
        let filled: Vec<String> = fields
            .iter()
            .map(|(label, answer)| format!("{label} = {}", answer.replace('\n', " ⏎ ")))
            .collect();
        let what =
            if filled.is_empty() { " the form".to_owned() } else { format!(": {}", filled.join("; ")) };
        state.tell(Some(&self.id), format!("{name} submits{what}"));
        if view.json["submit"].is_null() {
            panic!("this form can't be submitted: {}", state.screen(&self.id));
        }
        match form::problem(&blocks, &view.json["state"]["values"]) {
            None => Ok(view),
            Some(problem) => {
                state.tell(Some(&self.id), format!("  Slack tells {name}: {problem}"));
                Err(problem)
            }
        }
    }

    /// Presses Cancel: the form below shows again. The app hears of it if it asked to.
    pub async fn closes_modal(&self) -> Answer {
        let payload = {
            let mut state = self.act();
            let closed = state.close_top(&self.id);
            let view = closed.unwrap_or_else(|| panic!("no form is open: {}", state.screen(&self.id)));
            let name = state.name_of(&self.id);
            state.tell(Some(&self.id), format!("{name} closes the form"));
            if view.json["notify_on_close"] != true {
                return Answer::from_slack(None);
            }
            payload::closed(&mut state, &self.id, &view, false)
        };
        let delivered = self.workspace.interacts(&payload).await;
        let error = self.workspace.state().take_click_answer(&self.id, false, &delivered);
        delivered.answer(error)
    }

    /// The modal before them, as Slack has it: with its id, its hash, and what was put in so far.
    pub fn modal(&self) -> Option<Value> {
        self.workspace.state().top_of(&self.id).map(|view| view.json.clone())
    }
}
