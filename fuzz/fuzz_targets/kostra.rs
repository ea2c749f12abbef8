//! Any bytes as a KOSTRA file against a small key: reading ends without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lodd_intake::kostra::{Key, Wish, read};

fuzz_target!(|bytes: &[u8]| {
    let key = b"member_id;id_type;id_value\nRIN-7KQ4-R-A1;JOURNAL;J9999999\n";
    if let Ok(key) = Key::read(key) {
        let wish = Wish { year: None, form: None, complete: true, this_year: 2027 };
        let _ = read(bytes, &key, &wish);
    }
    let _ = Key::read(bytes);
});
