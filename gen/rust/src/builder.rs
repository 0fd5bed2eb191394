use std::env::{self, VarError};
use std::fmt;
use std::time::Duration;

use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Uri};

use crate::client::Client;
use crate::credentials::Credentials;
use crate::error::Error;

const DEFAULT_URL: &str = "http://127.0.0.1:8080";
const USER_AGENT: &str = concat!("cairn-rust/", env!("CARGO_PKG_VERSION"));

/// Makes a [`Client`]. What is not set comes from the environment or has a default.
#[derive(Clone)]
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
        let url = or_variable(self.url, "CAIRN_URL")?.unwrap_or_else(|| DEFAULT_URL.to_owned());
        let key = or_variable(self.api_key, "CAIRN_API_KEY")?;
        let credentials = Credentials::new(key.as_deref(), self.agent.as_deref())?;
        let channel = endpoint(&url, self.ca_certificate)?.connect_lazy();
        Ok(Client::new(channel, credentials, self.timeout, self.max_attempts))
    }
}

impl fmt::Debug for ClientBuilder {
    /// All but the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("agent", &self.agent)
            .field("timeout", &self.timeout)
            .field("max_attempts", &self.max_attempts)
            .finish_non_exhaustive()
    }
}

/// What was given, else the environment's value; an empty one is none.
fn or_variable(given: Option<String>, name: &str) -> Result<Option<String>, Error> {
    if given.is_some() {
        return Ok(given);
    }
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::invalid(format!("{name} is no UTF-8"))),
    }
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
        // rustls would take anything, and trust nobody.
        Some(pem) if !holds_certificate(&pem) => return Err(Error::invalid("the CA certificate is no PEM")),
        Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
        None => ClientTlsConfig::new().with_enabled_roots(),
    };
    endpoint
        .tls_config(tls)
        .map_err(|error| Error::invalid(format!("TLS cannot be set up: {}", crate::error::chain(&error))))
}

fn holds_certificate(pem: &[u8]) -> bool {
    String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----")
}

/// Whether TLS is asked for; refuses what is no address of a server.
fn is_secure(url: &str) -> Result<bool, Error> {
    // What stands before an @ may be a password.
    let shown = if url.contains('@') { String::new() } else { format!(" {url:?}") };
    let wrong = |what: &str| Error::invalid(format!("the URL{shown} {what}, as in {DEFAULT_URL:?}"));
    let uri: Uri = url.parse().map_err(|_| wrong("must be a scheme, host and port"))?;
    let secure = match uri.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err(wrong("must begin with http:// or https://")),
    };
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = uri.host().unwrap_or("");
    let bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !url.contains('#');
    if host.is_empty() || !bare || authority.contains('@') {
        return Err(wrong("must be a scheme, host and port alone"));
    }
    // hyper would take the scheme's own port for one that is no number.
    if authority.len() > host.len() && !matches!(uri.port_u16(), Some(1..)) {
        return Err(wrong("must have a port from 1 to 65535 or none"));
    }
    Ok(secure)
}

#[cfg(test)]
mod tests {
    use super::{endpoint, is_secure};

    #[test]
    fn takes_the_address_of_a_server_alone() {
        assert!(!is_secure("http://127.0.0.1:8080").unwrap());
        assert!(is_secure("https://cairn.example/").unwrap());
        assert!(!is_secure("http://[::1]:8080").unwrap());
        let (nowhere, more) = (["", "127.0.0.1:8080", "ftp://host", "http://"], ["/api", "?x=1", "#x"]);
        let ports = [":", ":0", ":99999", ":http"];
        let more = more.iter().chain(&ports).map(|end| format!("http://host{end}"));
        for url in nowhere.map(str::to_owned).into_iter().chain(more) {
            let error = is_secure(&url).expect_err(&url);
            assert_eq!(error.code(), tonic::Code::InvalidArgument, "{url}");
            assert!(error.message().contains(&format!("{url:?}")), "{error}");
        }
    }

    #[test]
    fn shows_neither_password_nor_key() {
        let error = is_secure("http://me:secret@host").expect_err("a user");
        assert!(error.message().contains("alone") && !error.message().contains("secret"), "{error}");
        let builder = crate::Client::builder().api_key("cairn_secret").url("http://me:secret@host");
        assert!(!format!("{builder:?}").contains("secret"), "{builder:?}");
    }

    #[test]
    fn refuses_a_certificate_that_is_none() {
        for pem in ["", "no certificate"] {
            let error = endpoint("https://cairn.example", Some(pem.into())).expect_err(pem);
            assert!(error.message().contains("PEM"), "{error}");
        }
    }

    #[test]
    fn says_that_a_runtime_is_missing() {
        let error = crate::Client::builder().build().expect_err("there is no runtime");
        assert!(error.message().contains("Tokio runtime"), "{error}");
    }
}
