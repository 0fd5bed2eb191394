use std::time::Duration;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);

/// What makes a call with request `Q` safe to repeat.
pub(crate) enum Repeat<Q> {
    /// Nothing.
    Never,
    /// Its nature: it changes nothing, or the same a second time.
    Always,
    /// Its `request_id`, by which the server knows it again.
    ByRequestId(fn(&mut Q) -> &mut Option<String>),
}

/// How long to wait after that many attempts: twice as long each time, the half of it by chance, so that callers do not come back as one.
pub(crate) fn backoff(attempts: u32) -> Duration {
    let full = FIRST.saturating_mul(1 << (attempts - 1).min(10)).min(LONGEST);
    full.mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::backoff;

    #[test]
    fn waits_twice_as_long_each_time_up_to_two_seconds() {
        for (attempts, most) in [(1, 100), (2, 200), (3, 400), (6, 2000), (40, 2000)] {
            let waited = backoff(attempts).as_millis();
            assert!(waited >= most / 2 && waited <= most, "{attempts}: {waited} ms");
        }
    }
}
