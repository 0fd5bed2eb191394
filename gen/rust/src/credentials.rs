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
        let mut authorization = header("key", key.filter(|key| !key.is_empty()).map(|key| format!("Bearer {key}")))?;
        if let Some(value) = &mut authorization {
            value.set_sensitive(true);
        }
        let agent = header("agent", agent.map(str::to_owned))?;
        Ok(Credentials { authorization, agent })
    }
}

fn header(name: &str, value: Option<String>) -> Result<Option<MetadataValue<Ascii>>, Error> {
    let unfit = |_| Error::invalid(format!("the {name} has characters that no header may have"));
    value.map(|text| text.parse().map_err(unfit)).transpose()
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
