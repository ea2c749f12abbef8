//! Whatever a pilot, a file or somebody's form is called, it is text on a page and nothing else.

use axum::{body::to_bytes, response::Response};

use crate::{
    Block, Cell, Deed, Delivered, Due, Fault, Field, FieldKind, Finding, Form, Grid, Held, Home,
    Lang, Link, Looked, Manner, Severity, Sheet, Trouble, Waiting, Who, door::Visit,
};

/// Ends an attribute of either kind, begins an element, a script and a comment, and names an entity.
const HOSTILE: &str = r#"x"'><img src=x onerror=alert(1)><script>alert(2)</script><!-- &lt;b&gt;"#;

fn hostile() -> String {
    HOSTILE.to_owned()
}

fn visit() -> Visit {
    Visit { who: Who::of_office(HOSTILE, true, HOSTILE), csrf: hostile(), lang: None }
}

async fn must_be_text(page: Response, places: usize) {
    let bytes = to_bytes(page.into_body(), usize::MAX).await.unwrap();
    let html = String::from_utf8(bytes.into()).unwrap();
    for markup in ["<img src", "<script>", "x\"'", "<!-- ", " &lt;b&gt;"] {
        assert!(!html.contains(markup), "{markup} in {html}");
    }
    let escaped = html.matches("&#60;img src=x onerror=alert(1)&#62;").count();
    assert!(escaped >= places, "{escaped} of {places} in {html}");
}

fn finding() -> Finding {
    Finding {
        severity: Severity::Hold,
        code: hostile(),
        place: hostile(),
        message: hostile(),
        expected_found: Some((hostile(), hostile())),
        fix: Some(hostile()),
        count: 2,
    }
}

fn form() -> Form {
    let field = |kind| Field {
        name: hostile(),
        label: hostile(),
        hint: Some(hostile()),
        kind,
        value: hostile(),
        required: true,
    };
    let kinds = [
        FieldKind::Line,
        FieldKind::Lines,
        FieldKind::Day,
        FieldKind::Count,
        FieldKind::Choice(vec![(hostile(), hostile())]),
        FieldKind::Tick,
        FieldKind::File,
        FieldKind::Hidden,
    ];
    let fields = kinds.map(field).into();
    Form { deed: Deed::Screen, title: hostile(), why: Some(hostile()), fields, button: hostile() }
}

#[tokio::test]
async fn what_a_page_is_given_is_text_wherever_it_stands() {
    let link = || Link { href: hostile(), text: hostile(), is_file: true };
    let cells = vec![
        Cell::Text(hostile()),
        Cell::Number(hostile()),
        Cell::Code(hostile()),
        Cell::Link(link()),
    ];
    let grid = Grid { caption: hostile(), head: vec![hostile(); 4], rows: vec![cells] };
    let fault = Fault { deed: Deed::Screen, field: hostile(), message: hostile() };
    let blocks = vec![
        Block::Heading(hostile()),
        Block::Text(hostile()),
        Block::Lines(hostile()),
        Block::Mark(hostile()),
        Block::Outcome { good: true, text: hostile() },
        Block::Outcome { good: false, text: hostile() },
        Block::Table(grid),
        Block::Findings(vec![finding()]),
        Block::Wrong(vec![fault]),
        Block::Links(vec![link()]),
        Block::Form(form()),
        Block::Until { at_us: 2, now_us: 1, text: hostile(), left: hostile(), over: hostile() },
    ];
    let sheet = Sheet { title: hostile(), lead: Some(hostile()), blocks };
    for lang in [Lang::Nb, Lang::Nn, Lang::En] {
        must_be_text(super::sheet(&sheet, Some(&visit()), lang), 50).await;
        must_be_text(super::sheet(&sheet, None, lang), 40).await;
    }
}

#[tokio::test]
async fn what_an_office_is_shown_is_text() {
    let due = Due {
        horizon: hostile(),
        draw: 1,
        window: (hostile(), hostile()),
        due_on: hostile(),
        families: 1,
        told: 0,
        waiting: vec![Waiting { family: hostile(), overdue: true, missing: (1, 2) }],
        later: false,
    };
    let home = Home {
        office: hostile(),
        pilot: hostile(),
        marks: vec![hostile()],
        due: vec![due],
        held: vec![Held { family: hostile(), date: Some(hostile()), codes: vec![hostile()] }],
    };
    let looked = Looked {
        accepted: true,
        name: hostile(),
        summary: hostile(),
        counts: Some([1; 6]),
        changes: vec![hostile()],
        findings: vec![finding()],
        correction: Some(Vec::new()),
    };
    let delivered = Delivered { sequence: 1, at: hostile(), counts: [1; 5] };
    let trouble = Trouble { message: hostile(), hint: Some(hostile()) };
    let (visit, lang) = (visit(), Lang::Nb);
    must_be_text(super::home(&home, (Some(HOSTILE), None), &visit, lang), 10).await;
    must_be_text(super::looked(&looked, Manner::default(), &visit, lang), 8).await;
    must_be_text(super::stored(1, false, &looked, &visit, lang), 4).await;
    must_be_text(super::history(&[delivered], &visit, lang), 2).await;
    must_be_text(super::trouble(&trouble, &visit, lang), 3).await;
    must_be_text(super::door(HOSTILE, true, lang), 1).await;
    must_be_text(super::left(Some(HOSTILE), lang), 1).await;
    must_be_text(super::onward(HOSTILE, lang), 1).await;
}
