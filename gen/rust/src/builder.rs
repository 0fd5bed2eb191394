use std::env;
use std::time::Duration;

use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Uri};

use crate::client::Client;
use crate::credentials::Credentials;
use crate::error::Error;

const DEFAULT_URL: &str = "http://127.0.0.1:8080";
const USER_AGENT: &str = concat!("cairn-rust/", env!("CARGO_PKG_VERSION"));

/// Makes a [`Client`]. What is not set comes from the environment or has a default.
#[derive(Debug, Clone)]
pub struct ClientBuilder {
    url: Option<String>,
    api_key: Option<String>,
    agent: Option<String>,
    timeout: Duration,
    max_attempts: u32,
    ca_certificate: Option<Vec<u8>>,
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        ClientBuilder {
            url: None,
            api_key: None,
            agent: None,
            timeout: Duration::from_secs(30),
            max_attempts: 4,
            ca_certificate: None,
        }
    }

    /// Where the server is, `http://` or `https://` with host and port. Default: `CAIRN_URL`, else `http://127.0.0.1:8080`.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The key that calls carry. Default: `CAIRN_API_KEY`; empty: none.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// UUID or handle of the agent to whose view a workspace-wide key is narrowed. Default: none.
    pub fn agent(mut self, agent: impl Into<String>) -> Self {
        self.agent = Some(agent.into());
        self
    }

    /// Time for a unary call, its retries included, where its request says nothing else. Default: 30 s. Streams have none of their own.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a call that is safe to repeat is tried, the first time included. Default: 4; 0 or 1: once.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Certificate authority in PEM that is trusted instead of the machine's own ones; for `https://` alone.
    pub fn ca_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_certificate = Some(pem.into());
        self
    }

    /// The client; connects with its first call.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` where the URL, the key or the certificate cannot be right; `FailedPrecondition` outside a Tokio runtime.
    pub fn build(self) -> Result<Client, Error> {
        if tokio::runtime::Handle::try_current().is_err() {
            let message = "a client can be made in a Tokio runtime only, such as below #[tokio::main]";
            return Err(Error::local(tonic::Code::FailedPrecondition, message));
        }
        let url = self.url.or_else(|| variable("CAIRN_URL")).unwrap_or_else(|| DEFAULT_URL.to_owned());
        let key = self.api_key.or_else(|| variable("CAIRN_API_KEY"));
        let credentials = Credentials::new(key.as_deref(), self.agent.as_deref())?;
        let channel = endpoint(&url, self.ca_certificate)?.connect_lazy();
        Ok(Client::new(channel, credentials, self.timeout, self.max_attempts))
    }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn endpoint(url: &str, ca: Option<Vec<u8>>) -> Result<Endpoint, Error> {
    let secure = is_secure(url)?;
    let endpoint = Endpoint::from_shared(url.to_owned())
        .and_then(|endpoint| endpoint.user_agent(USER_AGENT))
        .map_err(|error| Error::invalid(format!("the URL {url:?} cannot be used: {error}")))?
        .connect_timeout(Duration::from_secs(10))
        .tcp_keepalive(Some(Duration::from_secs(60)))
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10));
    if !secure {
        return Ok(endpoint);
    }
    let tls = match ca {
        Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
        None => ClientTlsConfig::new().with_enabled_roots(),
    };
    endpoint
        .tls_config(tls)
        .map_err(|error| Error::invalid(format!("TLS cannot be set up: {}", crate::error::chain(&error))))
}

/// Whether TLS is asked for; refuses what is no address of a server.
fn is_secure(url: &str) -> Result<bool, Error> {
    let wrong = |what: &str| Error::invalid(format!("the URL {url:?} {what}, as in {DEFAULT_URL:?}"));
    let uri: Uri = url.parse().map_err(|_| wrong("must be a scheme, host and port"))?;
    let secure = match uri.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err(wrong("must begin with http:// or https://")),
    };
    let bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
    let names_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if uri.host().unwrap_or("").is_empty() || !bare || names_user {
        return Err(wrong("must be a scheme, host and port alone"));
    }
    Ok(secure)
}

#[cfg(test)]
mod tests {
    use super::is_secure;

    #[test]
    fn takes_the_address_of_a_server_alone() {
        assert!(!is_secure("http://127.0.0.1:8080").unwrap());
        assert!(is_secure("https://cairn.example/").unwrap());
        for url in
            ["", "127.0.0.1:8080", "ftp://host", "http://", "http://host/api", "http://me:x@host", "http://host?x=1"]
        {
            let error = is_secure(url).expect_err(url);
            assert_eq!(error.code(), tonic::Code::InvalidArgument, "{url}");
            assert!(error.message().contains(&format!("{url:?}")), "{error}");
        }
    }

    #[test]
    fn says_that_a_runtime_is_missing() {
        let error = crate::Client::builder().build().expect_err("there is no runtime");
        assert!(error.message().contains("Tokio runtime"), "{error}");
    }
}
