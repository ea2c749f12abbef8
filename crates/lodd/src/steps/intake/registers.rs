//! What registers' files state of themselves, from `lodd-intake`'s form to `lodd-store`'s.

use lodd_intake as intake;
use lodd_store::pilot as store;

/// All of a file.
pub(super) fn registers(read: &intake::Registers) -> store::Registers {
    let family = |it: &intake::LookedUp| store::LookedUp {
        family_id: it.family_id.clone(),
        file: file(&it.file),
    };
    let contact = |it: &intake::LastContact| store::LastContact {
        member_id: it.member_id.clone(),
        family_id: it.family_id.clone(),
        year: i64::from(it.year),
        register: it.register.clone(),
        values: it.values.clone(),
    };
    store::Registers {
        files: read.files.iter().map(file).collect(),
        families: read.families.iter().map(family).collect(),
        contacts: read.contacts.iter().map(contact).collect(),
    }
}

fn file(it: &intake::RegisterFile) -> store::RegisterFile {
    store::RegisterFile {
        municipality: it.municipality.clone(),
        register: it.register.clone(),
        year: i64::from(it.year),
        complete: it.complete,
    }
}
