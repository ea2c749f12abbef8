//! What people do to a form, known from the form and from people.
//!
//! The form: `Familier` (id, date, dwelling), `Voksne` (id, date, income, work, per cent, several
//! supplements, on sick leave), `Barn` (id, date, school, activity), `Måneder` (id, month, two
//! amounts, register). Family n has row n + 2, its adults rows 2n + 2 and 2n + 3.

use super::{Chance, Place};
use crate::support::{Book, Mark, Put, elsewhere};

/// Plants a mistake in a family's cells.
type InCell = fn(&mut Book, usize, &mut Chance) -> Place;
/// Plants a mistake in the file as a whole.
type InFile = fn(&mut Book, &mut Chance) -> Place;
/// Changes what does not matter, and moves the places that it moves.
type Harmless = fn(&mut Book, &mut Vec<(&'static str, Place)>, &mut Chance);

const FAMILIER: &str = "Familier";
const VOKSNE: &str = "Voksne";
const BARN: &str = "Barn";
const MONTHS: &str = "Måneder";

/// A row of the family in a sheet: one of the two of its adults.
fn row_of(sheet: &str, family: usize, chance: &mut Chance) -> usize {
    if sheet == VOKSNE { 2 * family + 2 + chance.below(2) } else { family + 2 }
}

fn set(
    book: &mut Book,
    (sheet, row, column): (&'static str, usize, usize),
    value: impl Into<Put>,
) -> Place {
    book.rows(sheet)[row - 1][column] = value.into();
    Place::cell(sheet, row, column)
}

fn text(book: &mut Book, sheet: &str, row: usize, column: usize) -> String {
    match &book.rows(sheet)[row - 1][column] {
        Put::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

/// One of the cells with a choice: where, and what stands there.
fn choice(book: &mut Book, family: usize, chance: &mut Chance) -> (&'static str, usize, usize) {
    let (sheet, column) = *chance.pick(&[(FAMILIER, 2), (VOKSNE, 2), (VOKSNE, 3)]);
    let row = row_of(sheet, family, chance);
    let _ = text(book, sheet, row, column);
    (sheet, row, column)
}

fn dated(family: usize, chance: &mut Chance) -> (&'static str, usize, usize) {
    let sheet = *chance.pick(&[FAMILIER, VOKSNE, BARN]);
    (sheet, row_of(sheet, family, chance), 1)
}

fn mistyped(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let (sheet, row, column) = choice(book, family, chance);
    let mut letters: Vec<char> = text(book, sheet, row, column).chars().collect();
    let at = chance.below(letters.len());
    match chance.below(3) {
        0 => letters.insert(at, letters[at]),
        1 => letters[at] = 'X',
        _ => drop(letters.remove(at)),
    }
    set(book, (sheet, row, column), letters.into_iter().collect::<String>())
}

/// One symbol of the id taken for another that looks like it, or two of them exchanged.
fn miscopied_id(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[FAMILIER, VOKSNE, BARN, MONTHS]);
    let row = row_of(sheet, family, chance);
    let mut letters: Vec<char> = text(book, sheet, row, 0).chars().collect();
    let at = 4 + chance.below(3);
    if chance.below(2) == 0 || letters[at] == letters[at + 1] {
        letters[at] = if letters[at] == '3' { '4' } else { '3' };
    } else {
        letters.swap(at, at + 1);
    }
    set(book, (sheet, row, 0), letters.into_iter().collect::<String>())
}

fn without_check_symbol(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[FAMILIER, MONTHS]);
    let row = row_of(sheet, family, chance);
    let id = text(book, sheet, row, 0);
    set(book, (sheet, row, 0), id[..id.len() - 2].to_owned())
}

fn without_hyphens(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[FAMILIER, VOKSNE, BARN, MONTHS]);
    let row = row_of(sheet, family, chance);
    let id = text(book, sheet, row, 0).replace('-', "");
    set(book, (sheet, row, 0), id)
}

fn a_date_in_words(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = dated(family, chance);
    let words = ["15. januar 2016", "15/1-16", "jan. 2016", "15.01.16", "20160115", "i januar"];
    let words = *chance.pick(&words);
    set(book, place, words)
}

fn a_date_to_come(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = dated(family, chance);
    let words = *chance.pick(&["15.01.2026", "2061-01-15", "15.12.2016"]);
    set(book, place, words)
}

fn an_old_date(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = dated(family, chance);
    set(book, place, *chance.pick(&["15.01.2006", "1916-01-15", "15.01.2015"]))
}

fn no_such_date(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = dated(family, chance);
    set(book, place, *chance.pick(&["31.02.2016", "32.01.2016", "15.13.2016", "2016-02-30"]))
}

fn a_bare_serial(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = dated(family, chance);
    // 2016-01-15, as Excel counts.
    set(book, place, 42384.0)
}

fn per_cent_too_high(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let row = row_of(VOKSNE, family, chance);
    set(book, (VOKSNE, row, 4), *chance.pick(&[375.0, 500.0, 101.0, -50.0, 0.5]))
}

fn per_cent_with_words(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let row = row_of(VOKSNE, family, chance);
    set(book, (VOKSNE, row, 4), *chance.pick(&["50 %", "halv stilling", "37,5", "ca. 50", "50-60"]))
}

fn an_amount_with_a_point(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let column = 2 + chance.below(2);
    let amount = *chance.pick(&["12.500", "1,234", "8.000"]);
    set(book, (MONTHS, family + 2, column), amount)
}

fn an_amount_with_words(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let column = 2 + chance.below(2);
    let amount = *chance.pick(&["kr 8000", "8000,-", "ukjent beløp", "-500", "8000,50"]);
    set(book, (MONTHS, family + 2, column), amount)
}

fn another_offices_family(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[FAMILIER, MONTHS]);
    let row = row_of(sheet, family, chance);
    set(book, (sheet, row, 0), elsewhere())
}

fn an_unknown_member(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[VOKSNE, BARN]);
    let row = row_of(sheet, family, chance);
    let id = text(book, sheet, row, 0);
    let other = format!("{}{}", &id[..id.len() - 1], 3 + chance.below(6));
    set(book, (sheet, row, 0), other)
}

fn a_child_among_adults(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let row = row_of(VOKSNE, family, chance);
    let id = text(book, BARN, family + 2, 0);
    set(book, (VOKSNE, row, 0), id)
}

fn an_error_value(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = choice(book, family, chance);
    let error = *chance.pick(&["#REF!", "#N/A", "#VALUE!", "#NAME?"]);
    set(book, place, Put::Formula("=A1", error))
}

fn a_formula(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = choice(book, family, chance);
    let value: &'static str = match place.1 {
        _ if place.0 == FAMILIER => "EID",
        _ if place.2 == 2 => "LONN",
        _ => "DELTID",
    };
    set(book, place, Put::Formula("=A1", value))
}

fn a_no_break_space(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = choice(book, family, chance);
    let value = text(book, place.0, place.1, place.2);
    set(book, place, format!("{value}\u{a0}"))
}

fn garbled(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let row = row_of(VOKSNE, family, chance);
    let words = ["UfÃ¸retrygd", "UF?RETRYGD", "Uf\u{fffd}retrygd", "LÃ¸nn", "L?NN"];
    set(book, (VOKSNE, row, 2), *chance.pick(&words))
}

fn two_answers(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = choice(book, family, chance);
    let value = text(book, place.0, place.1, place.2);
    let between = *chance.pick(&[", ", "/", " og ", " + "]);
    set(book, place, format!("{value}{between}ANNET"))
}

fn several_with_a_stranger(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let row = row_of(VOKSNE, family, chance);
    let answer = *chance.pick(&["BARNETRYGD, BIL", "BARNETRGD", "INGEN, BIDRAG"]);
    set(book, (VOKSNE, row, 5), answer)
}

fn a_cross_for_yes(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let row = row_of(VOKSNE, family, chance);
    set(book, (VOKSNE, row, 6), *chance.pick(&["X", "kanskje", "1", "litt"]))
}

fn no_id(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[FAMILIER, VOKSNE, BARN, MONTHS]);
    let row = row_of(sheet, family, chance);
    set(book, (sheet, row, 0), Put::Nothing)
}

fn no_date(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = dated(family, chance);
    set(book, place, Put::Nothing)
}

fn an_id_that_excel_altered(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[FAMILIER, VOKSNE, BARN, MONTHS]);
    let row = row_of(sheet, family, chance);
    let value: Put = match chance.below(3) {
        0 => 739_000_000.0.into(),
        1 => "7,39E+08".into(),
        _ => Put::Date(2016, 6, 1),
    };
    set(book, (sheet, row, 0), value)
}

fn a_sum_sign(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = choice(book, family, chance);
    let value = text(book, place.0, place.1, place.2);
    let sign = *chance.pick(&["=", "+", "-", "@"]);
    set(book, place, format!("{sign}{value}"))
}

fn a_telephone_number(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = choice(book, family, chance);
    set(book, place, *chance.pick(&["ring 412 34 567", "kari.n@nav.no", "+47 91234567"]))
}

fn a_story(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = choice(book, family, chance);
    set(book, place, "Vi snakket lenge om dette. ".repeat(30))
}

fn what_does_not_fit(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let row = row_of(VOKSNE, family, chance);
    set(book, (VOKSNE, row, 2), "LONN");
    set(book, (VOKSNE, row, 3), *chance.pick(&["LEDIG_REG", "IKKE_SOKER"]));
    Place { columns: vec![2, 3], ..Place::rows(VOKSNE, &[row]) }
}

fn a_line_break(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = choice(book, family, chance);
    let value = text(book, place.0, place.1, place.2);
    set(book, place, format!("{value}\nANNET"))
}

/// One mistake in one cell.
pub(super) const CELLS: &[(&str, InCell)] = &[
    ("a mistyped code", mistyped),
    ("a miscopied id", miscopied_id),
    ("an id without its check symbol", without_check_symbol),
    ("an id without hyphens", without_hyphens),
    ("a date in words", a_date_in_words),
    ("a date to come", a_date_to_come),
    ("an old date", an_old_date),
    ("no such date", no_such_date),
    ("a bare serial", a_bare_serial),
    ("per cent too high", per_cent_too_high),
    ("per cent with words", per_cent_with_words),
    ("an amount with a point", an_amount_with_a_point),
    ("an amount with words", an_amount_with_words),
    ("another office's family", another_offices_family),
    ("an unknown member", an_unknown_member),
    ("a child among adults", a_child_among_adults),
    ("an error value", an_error_value),
    ("a formula", a_formula),
    ("a no-break space", a_no_break_space),
    ("garbled", garbled),
    ("two answers", two_answers),
    ("several with a stranger", several_with_a_stranger),
    ("a cross for yes", a_cross_for_yes),
    ("no id", no_id),
    ("no date", no_date),
    ("an id that Excel altered", an_id_that_excel_altered),
    ("a sign in front", a_sum_sign),
    ("a telephone number", a_telephone_number),
    ("a story", a_story),
    ("what does not fit", what_does_not_fit),
    ("a line break", a_line_break),
];

fn the_same_row_twice(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[FAMILIER, VOKSNE, BARN, MONTHS]);
    let row = row_of(sheet, family, chance);
    let rows = book.rows(sheet);
    let again = rows[row - 1].clone();
    rows.push(again);
    Place::rows(sheet, &[row, book.rows(sheet).len()])
}

fn another_answer_in_a_second_row(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let place = the_same_row_twice(book, family, chance);
    let rows = book.rows(place.sheet);
    let last = rows.last_mut().unwrap();
    last[2] = match place.sheet {
        FAMILIER => "UTEN".into(),
        VOKSNE => "NARING".into(),
        BARN => "N".into(),
        _ => 1.0.into(),
    };
    place
}

fn merged_rows(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    // An answer written once for both adults.
    let (row, column) = (2 * family + 2, 2 + chance.below(2));
    book.rows(VOKSNE)[row][column] = Put::Nothing;
    let (at, across) = (u32::try_from(row).unwrap() - 1, u16::try_from(column).unwrap());
    book.marks.push((VOKSNE, Mark::Merged(at, across, at + 1, across)));
    Place::cell(VOKSNE, row, column)
}

fn a_hidden_row(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[FAMILIER, BARN]);
    book.marks.push((sheet, Mark::HiddenRow(u32::try_from(family).unwrap() + 1)));
    Place::rows(sheet, &[family + 2])
}

fn a_row_left_out(book: &mut Book, family: usize, chance: &mut Chance) -> Place {
    let row = row_of(VOKSNE, family, chance);
    let cells = &mut book.rows(VOKSNE)[row - 1];
    cells.iter_mut().skip(2).for_each(|cell| *cell = Put::Nothing);
    // It can be said of the family's row, or of either of its adults'.
    Place::rows(FAMILIER, &[family + 2])
}

fn a_family_nobody_knows(book: &mut Book, family: usize, _: &mut Chance) -> Place {
    let mut row = book.rows(FAMILIER)[family + 1].clone();
    row[0] = "RIN-XXXX-M".into();
    book.rows(FAMILIER).push(row);
    let last = book.rows(FAMILIER).len();
    Place::cell(FAMILIER, last, 0)
}

fn a_remark_with_a_name(book: &mut Book, family: usize, _: &mut Chance) -> Place {
    let sheet = MONTHS;
    book.rows(sheet)[0].push("Kommentar".into());
    book.rows(sheet)[family + 1].push("Ringte Kari, hun flytter i mai".into());
    // The column, and what stands in it.
    Place { columns: vec![5], ..Place::rows(sheet, &[1, family + 2]) }
}

/// One mistake about a row.
pub(super) const ROWS: &[(&str, InCell)] = &[
    ("the same row twice", the_same_row_twice),
    ("another answer in a second row", another_answer_in_a_second_row),
    ("merged rows", merged_rows),
    ("a hidden row", a_hidden_row),
    ("a row left out", a_row_left_out),
    ("a family nobody knows", a_family_nobody_knows),
    ("a remark with a name", a_remark_with_a_name),
];

/// A column that must be there loses its header.
fn a_deleted_header(book: &mut Book, chance: &mut Chance) -> Place {
    let (sheet, column) = *chance.pick(&[(FAMILIER, 1), (BARN, 0), (VOKSNE, 1), (MONTHS, 2)]);
    book.rows(sheet)[0][column] = Put::Nothing;
    Place { lost: vec![column], ..Place::cell(sheet, 1, column) }
}

fn a_renamed_header(book: &mut Book, chance: &mut Chance) -> Place {
    let sheet = *chance.pick(&[FAMILIER, BARN, VOKSNE]);
    let header = *chance.pick(&["status dato", "Status-dato", "statusdat0"]);
    Place { lost: vec![1], ..set(book, (sheet, 1, 1), header) }
}

fn the_same_header_twice(book: &mut Book, _: &mut Chance) -> Place {
    book.rows(VOKSNE)[0][6] = "INNTEKT".into();
    Place { columns: vec![2, 6], lost: vec![6], ..Place::rows(VOKSNE, &[1]) }
}

fn a_merged_header(book: &mut Book, _: &mut Chance) -> Place {
    book.rows(BARN)[0][3] = Put::Nothing;
    book.marks.push((BARN, Mark::Merged(0, 2, 0, 3)));
    Place { columns: vec![2, 3], lost: vec![3], ..Place::rows(BARN, &[1]) }
}

fn a_column_of_names(book: &mut Book, chance: &mut Chance) -> Place {
    let header = *chance.pick(&["Navn", "Fornavn", "Etternavn", "Fødselsdato", "Mobil"]);
    let column = book.rows(BARN)[0].len();
    book.rows(BARN)[0].push(header.into());
    Place::cell(BARN, 1, column)
}

fn a_column_of_groups(book: &mut Book, chance: &mut Chance) -> Place {
    let header = *chance.pick(&["Gruppe", "Tiltak eller kontroll", "Trukket til follow-up (arm)"]);
    let column = book.rows(FAMILIER)[0].len();
    book.rows(FAMILIER)[0].push(header.into());
    Place::cell(FAMILIER, 1, column)
}

fn a_column_of_their_own(book: &mut Book, chance: &mut Chance) -> Place {
    let header = *chance.pick(&["Saksbehandler", "Notat", "Kolonne1"]);
    let column = book.rows(FAMILIER)[0].len();
    book.rows(FAMILIER)[0].push(header.into());
    Place::cell(FAMILIER, 1, column)
}

fn a_hidden_column(book: &mut Book, chance: &mut Chance) -> Place {
    let column = 2 + chance.below(4);
    book.marks.push((VOKSNE, Mark::HiddenColumn(u16::try_from(column).unwrap())));
    Place::cell(VOKSNE, 1, column)
}

/// One mistake about a header or a column.
pub(super) const FILES: &[(&str, InFile)] = &[
    ("a deleted header", a_deleted_header),
    ("a renamed header", a_renamed_header),
    ("the same header twice", the_same_header_twice),
    ("a merged header", a_merged_header),
    ("a column of names", a_column_of_names),
    ("a column of groups", a_column_of_groups),
    ("a column of their own", a_column_of_their_own),
    ("a hidden column", a_hidden_column),
];

fn nothing(_: &mut Book, _: &mut Vec<(&'static str, Place)>, _: &mut Chance) {}

/// The columns of a sheet in another order.
fn turned_columns(book: &mut Book, planted: &mut Vec<(&'static str, Place)>, _: &mut Chance) {
    let width = book.rows(BARN)[0].len();
    for cells in book.rows(BARN) {
        cells.resize(width, Put::Nothing);
        cells.reverse();
    }
    for (_, place) in planted.iter_mut().filter(|(_, it)| it.sheet == BARN) {
        place.columns.iter_mut().for_each(|column| *column = width - 1 - *column);
    }
}

/// Codes as people write them: lower case, spaces.
fn small_letters(book: &mut Book, planted: &mut Vec<(&'static str, Place)>, _: &mut Chance) {
    let free =
        |row: usize| !planted.iter().any(|(_, it)| it.sheet == VOKSNE && it.rows.contains(&row));
    let rows: Vec<usize> = (2..=23).filter(|row| free(*row)).collect();
    for row in rows {
        if let Put::Text(text) = &mut book.rows(VOKSNE)[row - 1][2] {
            *text = text.to_lowercase();
        }
    }
}

/// What does not matter.
pub(super) const HARMLESS: &[(&str, Harmless)] =
    &[("nothing", nothing), ("turned columns", turned_columns), ("small letters", small_letters)];
