//! The two files that leave the office's machine: csv with `;`, no number that points at a person.

use super::{
    crosswalk::Contact,
    extract::{Extract, PaidMonth},
    layout::Form,
};

/// The columns of `monthly.csv`. The last four are filled in rows that state what was looked up,
/// where the month is empty: the first such row is about the municipality, the others about one
/// family each.
pub const MONTH_COLUMNS: [&str; 9] =
    ["familie_id", "maned", "stonad", "lan", "register", "kommune", "ar", "fullstendig", "oppslag"];

/// The columns of `last_contact.csv`.
pub const CONTACT_COLUMNS: [&str; 6] =
    ["medlem_id", "ar", "variabel", "verdi", "register", "fra_kostra"];

/// `monthly.csv`: what the file states, then the months with assistance. None for 11CF.
pub fn monthly_csv(extract: &Extract) -> Option<String> {
    if extract.form != Form::Assistance {
        return None;
    }
    let Extract { year, municipality, .. } = extract;
    let register = extract.form.register();
    let yes = |is: bool| if is { "J" } else { "N" };
    let complete = yes(extract.complete);
    let stated = format!(";;;;{register};{municipality};{year};{complete};");
    let mut lines = vec![MONTH_COLUMNS.join(";"), stated];
    for (family, (members, known)) in &extract.families {
        let (complete, members) = (yes(extract.complete && *known), members.join(","));
        lines.push(format!("{family};;;;{register};{municipality};{year};{complete};{members}"));
    }
    for PaidMonth { family_id, month, grant, loan } in &extract.months {
        lines.push(format!("{family_id};{year}-{month:02};{grant};{loan};{register};;;;"));
    }
    Some(lines.join("\n") + "\n")
}

/// `last_contact.csv`: values at last contact in the year.
pub fn last_contact_csv(extract: &Extract) -> String {
    let (year, register) = (extract.year, extract.form.register());
    let mut lines = vec![CONTACT_COLUMNS.join(";")];
    for Contact { member_id, variable, value, from_kostra } in &extract.contacts {
        lines.push(format!("{member_id};{year};{variable};{value};{register};{from_kostra}"));
    }
    lines.join("\n") + "\n"
}
