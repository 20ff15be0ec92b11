use super::{Covered, Format, parse};
use proptest::prelude::*;

/// One small report of each format, in which `src/a.x` ran in part.
const SAMPLES: [(Format, &str, Covered); 5] = [
    (
        Format::Lcov,
        "TN:\nSF:src/a.x\nDA:1,4\nDA:2,0\nDA:3,1,abc\nend_of_record\nDA:9,9\nTN:b\nSF:src/a.x\nDA:2,1\nDA:4,0\nend_of_record\n",
        Covered { covered: 3, lines: 4 },
    ),
    (
        Format::Go,
        "mode: set\nsrc/a.x:1.2,3.4 2 1\nsrc/a.x:5.1,6.2 3 0\nsrc/a.x:1.2,3.4 2 0\n",
        Covered { covered: 2, lines: 5 },
    ),
    (
        Format::Cobertura,
        r#"<?xml version="1.0"?><!DOCTYPE coverage><coverage timestamp="1795699642000"><packages><package><classes>
           <class filename="src/a.x"><methods><method><lines><line number="1" hits="2"/></lines></method></methods>
           <lines><line number="1" hits="2"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>"#,
        Covered { covered: 1, lines: 2 },
    ),
    (
        Format::Jacoco,
        r#"<?xml version="1.0"?><report name="r"><sessioninfo id="s" start="1" dump="1795699642000"/><package name="src">
           <class name="A"><counter type="LINE" missed="9" covered="9"/></class>
           <sourcefile name="a.x"><line nr="1"/><counter type="BRANCH" missed="5" covered="5"/><counter type="LINE" missed="1" covered="2"/></sourcefile>
           <counter type="LINE" missed="100" covered="100"/></package></report>"#,
        Covered { covered: 2, lines: 3 },
    ),
    (
        Format::CoveragePy,
        r#"{"meta": {"timestamp": "2026-11-26T01:27:22.2"}, "files": {"src/a.x": {"summary": {"covered_lines": 2, "num_statements": 4},
           "functions": {"": {"contexts": {"1": ["t/test_b.py::c|run"]}}, "f": {"contexts": {"2": ["", "t/test_a.py::b[1]|run"]}}}}}}"#,
        Covered { covered: 2, lines: 4 },
    ),
];

#[test]
fn every_format_is_known_by_what_it_holds() {
    for (format, text, covered) in SAMPLES {
        let report = parse(text.as_bytes()).unwrap_or_else(|| panic!("{} is not read", format.name()));
        assert_eq!((report.format, &*report.code), (format, &[("src/a.x".into(), covered)][..]));
        let says_when = !matches!(format, Format::Lcov | Format::Go);
        assert_eq!(report.made_at, says_when.then_some(1_795_699_642), "{}", format.name());
        let runs =
            if format == Format::CoveragePy { vec![("t/test_a.py".into(), "src/a.x".into())] } else { Vec::new() };
        assert_eq!(report.runs, runs, "{}", format.name());
    }
}

#[test]
fn what_is_no_report_is_none() {
    for text in [
        "",
        "  ",
        "{}",
        "<html><body/></html>",
        "<coverage/>",
        "mode: set\n",
        "hello\nworld\n",
        "{\"meta\": {}, \"files\": {}}",
        "<report",
    ] {
        assert_eq!(parse(text.as_bytes()), None, "{text}");
    }
    let deep = "<coverage>".to_owned() + &"<a>".repeat(100_000);
    assert_eq!(parse(deep.as_bytes()), None);
    let nested = format!("{{\"meta\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(parse(nested.as_bytes()), None);
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
    }

    /// Reports that were damaged somewhere: as much as is left is read, and nothing counts more than there is.
    #[test]
    fn a_damaged_report_harms_nobody(
        which in 0..SAMPLES.len(),
        at in any::<prop::sample::Index>(),
        instead in prop::collection::vec(any::<u8>(), 0..4),
        cut in 0..5_usize,
    ) {
        let mut bytes = SAMPLES[which].1.as_bytes().to_vec();
        let at = at.index(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, instead);
        if let Some(report) = parse(&bytes) {
            for (_, covered) in report.code {
                prop_assert!(covered.covered <= covered.lines);
            }
        }
    }
}
