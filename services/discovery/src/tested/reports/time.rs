//! Moments as coverage tools write them.

/// Seconds since 1970 of `2026-05-01T10:00:00…`, taken as UTC: tools that write no zone mean their own.
#[must_use]
pub fn seconds(written: &str) -> Option<i64> {
    let (date, time) = written.split_once(['T', ' '])?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time.get(..8)?, ':')?;
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    fits.then(|| days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let mut parts = text.split(between).map(|part| part.parse::<u16>().ok().map(i64::from));
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

/// Days from 1970-01-01 in the Gregorian calendar: years begin in March, so that the leap day is the last one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn moments_are_seconds_since_1970() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2000-02-29T12:30:01.25"), Some(951_827_401));
        assert_eq!(seconds("2026-11-26 13:27:22"), Some(1_795_699_642));
        for wrong in [
            "",
            "2026",
            "2026-13-01T00:00:00",
            "2026-01-01T24:00:00",
            "a-b-cT1:2:3",
            "2026-01-01T00:00",
            "2026-01-01Té0:00:0",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
