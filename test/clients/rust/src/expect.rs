use std::fmt::Debug;

use cairn_memory::{Code, Error};

/// How a step went; the text says what was expected and what came.
pub type Step<T = ()> = Result<T, String>;

/// What was awaited is what came.
pub fn equal<T: PartialEq + Debug>(what: &str, came: T, expected: T) -> Step {
    if came == expected {
        return Ok(());
    }
    Err(format!("{what}: expected {expected:?}, came {came:?}"))
}

/// Something holds.
pub fn holds(what: impl Into<String>, holds: bool) -> Step {
    if holds {
        Ok(())
    } else {
        Err(what.into())
    }
}

/// The call succeeded.
pub fn ok<T>(what: &str, result: Result<T, Error>) -> Step<T> {
    result.map_err(|error| format!("{what}: {error}"))
}

/// A message has a field that may be absent.
pub fn some<T>(what: &str, value: Option<T>) -> Step<T> {
    value.ok_or_else(|| format!("{what} is missing"))
}

/// The call failed with that code.
pub fn fails<T>(what: &str, result: Result<T, Error>, code: Code) -> Step<Error> {
    match result {
        Ok(_) => Err(format!("{what}: expected {code:?}, came an answer")),
        Err(error) if error.code() != code => Err(format!("{what}: expected {code:?}, came {error}")),
        Err(error) => Ok(error),
    }
}

/// The call failed with that code and that reason.
pub fn refused<T>(what: &str, result: Result<T, Error>, code: Code, reason: &str) -> Step<Error> {
    let error = fails(what, result, code)?;
    equal(what, error.reason(), Some(reason))?;
    holds(format!("{what}: the error has no call id"), error.call_id().is_some())?;
    Ok(error)
}

/// The error says this of itself besides its reason.
pub fn says(error: &Error, name: &str, value: &str) -> Step {
    equal(name, error.metadata().get(name).map(String::as_str), Some(value))
}
