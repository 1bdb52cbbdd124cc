//! For those who write what the coach says: every prompt as it will look, and what is to be mended.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;

use super::blocks::{Block, Element, Small, What};
use super::conversation::{Look, Where, encoded};
use super::prose::{Kind, Prose};
use super::routes::{NOBODY, html, lost};
use super::views::Shell;
use super::{Flaw, Page, Shelf};

#[derive(Template)]
#[template(path = "page/writing.html")]
struct Writing {
    shell: Shell,
    kinds: Vec<Shelved>,
    n_sheets: usize,
    sheet: Option<Shown>,
    flaws: Vec<Flaw>,
    /// Of the flaws, those about the prompt that is shown.
    own: Vec<Flaw>,
    trouble: String,
}

struct Shelved {
    kind: String,
    has_shown: bool,
    sheets: Vec<Title>,
}

struct Title {
    id: String,
    title: String,
    url: String,
    is_here: bool,
    n_flaws: usize,
}

struct Shown {
    id: String,
    title: String,
    blocks: Vec<Block>,
}

pub async fn list(page: Shared<Page>, Path(name): Path<String>) -> Response {
    view(page, name, None).await
}

pub async fn one(page: Shared<Page>, Path((name, id)): Path<(String, String)>) -> Response {
    view(page, name, Some(id)).await
}

async fn view(Shared(page): Shared<Page>, name: String, id: Option<String>) -> Response {
    let (shelf, trouble) = match page.shelf().await {
        Ok(shelf) => (shelf, String::new()),
        Err(error) => (Arc::default(), format!("The prompts could not be read: {error:#}")),
    };
    let mut state = page.state();
    let Some(mut look) = Look::new(&page, &mut state, &name) else { return lost(NOBODY) };
    let mut shell = look.shell("Writing", &Where::Writing);
    let base = shell.here.clone();
    let is_about = |flaw: &Flaw, id: &str| flaw.file.ends_with(&format!("/{id}.md"));
    let mut kinds: Vec<Shelved> = Vec::new();
    for sheet in &shelf.sheets {
        let title = Title {
            id: sheet.id.clone(),
            title: sheet.title.clone(),
            url: format!("{base}/{}", encoded(&sheet.id)),
            is_here: id.as_ref() == Some(&sheet.id),
            n_flaws: shelf.flaws.iter().filter(|flaw| is_about(flaw, &sheet.id)).count(),
        };
        let place = kinds.iter().position(|kind| kind.kind == sheet.kind).unwrap_or_else(|| {
            kinds.push(Shelved { kind: sheet.kind.clone(), has_shown: false, sheets: Vec::new() });
            kinds.len() - 1
        });
        kinds[place].has_shown |= title.is_here;
        kinds[place].sheets.push(title);
    }
    if let Some(id) = &id {
        shell.here = format!("{base}/{}", encoded(id));
    }
    let sheet = id.as_ref().and_then(|id| shelf.sheets.iter().find(|sheet| sheet.id == *id));
    let shown = sheet.map(|sheet| Shown {
        id: sheet.id.clone(),
        title: sheet.title.clone(),
        blocks: look.as_message(&sheet.blocks),
    });
    let own = |flaw: &&Flaw| id.as_ref().is_some_and(|id| is_about(flaw, id));
    html(&Writing {
        shell,
        kinds,
        n_sheets: shelf.sheets.len(),
        sheet: shown,
        own: shelf.flaws.iter().filter(own).cloned().collect(),
        flaws: shelf.flaws.clone(),
        trouble,
    })
}

impl Page {
    /// Read again only where a file has changed since.
    async fn shelf(&self) -> anyhow::Result<Arc<Shelf>> {
        let mut kept = self.0.shelf.lock().await;
        let stamp = self.0.world.shelf_stamp();
        if let Some((_, shelf)) = kept.as_ref().filter(|(known, _)| *known == stamp) {
            return Ok(Arc::clone(shelf));
        }
        let shelf = Arc::new(self.0.world.shelf().await?);
        *kept = Some((stamp, Arc::clone(&shelf)));
        Ok(shelf)
    }
}
