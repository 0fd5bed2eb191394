use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::{Request, Status};

use crate::error::Error;

/// Puts the key and the agent into each call's headers, where the call does not bring its own.
#[derive(Debug, Clone)]
pub struct Credentials {
    authorization: Option<MetadataValue<Ascii>>,
    agent: Option<MetadataValue<Ascii>>,
}

impl Credentials {
    pub(crate) fn new(key: Option<&str>, agent: Option<&str>) -> Result<Self, Error> {
        let mut authorization = header("API key", "Bearer ", key)?;
        if let Some(value) = &mut authorization {
            value.set_sensitive(true);
        }
        Ok(Credentials { authorization, agent: header("agent", "", agent)? })
    }
}

/// An empty value is none. What is wrong with it is said without showing it.
fn header(name: &str, before: &str, value: Option<&str>) -> Result<Option<MetadataValue<Ascii>>, Error> {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
    let unfit = || Error::invalid(format!("the {name} has characters that none has, such as a space or a line's end"));
    if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(unfit());
    }
    format!("{before}{value}").parse().map(Some).map_err(|_| unfit())
}

impl Interceptor for Credentials {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        for (name, value) in [("authorization", &self.authorization), ("cairn-agent", &self.agent)] {
            if let (Some(value), false) = (value, request.metadata().contains_key(name)) {
                request.metadata_mut().insert(name, value.clone());
            }
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::Credentials;

    #[test]
    fn refuses_what_no_key_has_without_showing_it() {
        for key in [" ", "two words", "secret\n", "secret\t", "sécret", "secret\u{7f}"] {
            let error = Credentials::new(Some(key), None).expect_err(key);
            assert!(error.message().contains("API key") && !error.message().contains("cret"), "{error}");
            Credentials::new(None, Some(key)).expect_err(key);
        }
    }

    #[test]
    fn takes_an_empty_value_for_none_and_never_shows_a_key() {
        let none = Credentials::new(Some(""), Some("")).unwrap();
        assert!(none.authorization.is_none() && none.agent.is_none());
        let some = Credentials::new(Some("cairn_secret"), Some("ada")).unwrap();
        assert!(!format!("{some:?}").contains("secret"), "{some:?}");
    }
}
