//! An assignment that was made elsewhere.

use lodd_intake::{Assigned, Findings, Limits, Upload, assignment};

use super::support::{expectations, places};

fn read(text: &str) -> Result<Vec<Assigned>, Findings> {
    let file = Upload { name: "assignment.csv", bytes: text.as_bytes() };
    assignment(file, &expectations(), &Limits::default())
}

const HEADER: &str = "unit,block,arm,date,probability\n";
const ROW: &str = "RIN-7KQ4-R,all,Follow-up,2015-08-20,181/362\n";

#[test]
fn a_clean_assignment_is_read() {
    let got = read(&format!("{HEADER}{ROW}")).unwrap();
    let expected = Assigned {
        unit_id: "RIN-7KQ4-R".to_owned(),
        block: "all".to_owned(),
        arm: "follow-up".to_owned(),
        drawn_on: jiff::civil::date(2015, 8, 20),
        probability: Some((1, 2)),
    };
    assert_eq!(got, [expected]);
    let got = read("unit,block,arm,date\nRIN-7KQ4-R,1,ordinary,20.08.2015\n").unwrap();
    assert_eq!(got[0].probability, None);
}

#[test]
fn each_mistake_is_found_where_it_is() {
    for (from, to, place) in [
        ("RIN-7KQ4-R", "RIN-XXXX-M", "K20 assignment!A2"),
        ("RIN-7KQ4-R", "RIN-7KQ5-R", "D09 assignment!A2"),
        ("RIN-7KQ4-R", "", "D12 assignment!A2"),
        (",all,", ",,", "D12 assignment!B2"),
        ("Follow-up", "treated", "D10 assignment!C2"),
        ("2015-08-20", "2015-02-30", "D04 assignment!D2"),
        ("2015-08-20", "2020-08-20", "D05 assignment!D2"),
        ("181/362", "3/2", "D13 assignment!E2"),
        ("181/362", "0", "D13 assignment!E2"),
        ("181/362\n", "1/2\nRIN-7KQ4-R,all,ordinary,2015-08-20,\n", "K19 assignment 3"),
    ] {
        let refused = read(&format!("{HEADER}{}", ROW.replace(from, to))).unwrap_err();
        assert_eq!(places(&refused), [place], "{to}");
    }
    assert_eq!(
        places(&read("unit,block,date\nx,1,2015-08-20\n").unwrap_err()),
        ["H04 assignment 1", "D09 assignment!A2"]
    );
    assert_eq!(places(&read(HEADER).unwrap_err()), ["F06 assignment"]);
    assert_eq!(places(&read("a,b\n1,2\n").unwrap_err()), ["H01"]);
}
