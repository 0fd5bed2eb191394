use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use tonic::{Code, Status, TimeoutExpired};
use tonic_types::{ErrorDetail, ErrorInfo, StatusExt};

use crate::v1::ErrorReason;

/// How rustls begins what it says of a certificate that it does not accept.
const UNTRUSTED: &str = "invalid peer certificate: ";
const ADVICE: &str = "check the address and the certificate, or name its authority with ClientBuilder::ca_certificate";
/// Whose reasons are the contract's.
const DOMAIN: &str = "cairn.v1";

/// Why a call failed: what the server answered, or that no answer came.
#[derive(Debug, Clone)]
pub struct Error(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    code: Code,
    message: String,
    reason: Option<String>,
    metadata: HashMap<String, String>,
    call_id: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    untrusted: bool,
}

impl Error {
    /// Status code of gRPC. A deadline is always `DeadlineExceeded`; a server that cannot be reached `Unavailable`.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Name of an [`ErrorReason`] without its prefix, such as `MEMORY_NOT_FOUND`; none where the server did not answer.
    pub fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Whether the server gave this reason.
    pub fn is(&self, reason: ErrorReason) -> bool {
        self.reason().is_some() && self.reason() == reason.as_str_name().strip_prefix("ERROR_REASON_")
    }

    /// What the reason says besides, such as the `field` that is at fault.
    pub fn metadata(&self) -> &HashMap<String, String> {
        &self.0.metadata
    }

    /// For a person to read.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Names the call in the server's log; none where the server did not answer.
    pub fn call_id(&self) -> Option<&str> {
        self.0.call_id.as_deref()
    }

    /// Whether the same call may succeed later: the server was not there, or could not take it, or still carries out an
    /// earlier call of the same `request_id`, whose answer it then gets.
    pub(crate) fn is_transient(&self) -> bool {
        match self.0.code {
            // A certificate that is not trusted is shown again.
            Code::Unavailable => !self.0.untrusted,
            Code::ResourceExhausted => self.is(ErrorReason::Overloaded),
            Code::Aborted => self.is(ErrorReason::RequestInFlight),
            _ => false,
        }
    }

    pub(crate) fn local(code: Code, message: impl Into<String>) -> Self {
        Error(Box::new(Parts {
            code,
            message: message.into(),
            reason: None,
            metadata: HashMap::new(),
            call_id: None,
            source: None,
            untrusted: false,
        }))
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::local(Code::InvalidArgument, message)
    }

    pub(crate) fn deadline() -> Self {
        Self::local(Code::DeadlineExceeded, "the deadline passed before the server answered")
    }

    /// Adds the call's id where the status itself brought none, as in the middle of a stream.
    pub(crate) fn or_call_id(mut self, id: Option<&str>) -> Self {
        self.0.call_id = self.0.call_id.or(id.map(str::to_owned));
        self
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        let header = status.metadata().get("x-request-id").and_then(|id| id.to_str().ok());
        let (reason, metadata) =
            info_of(&status).map_or((None, HashMap::new()), |info| (Some(info.reason), info.metadata));
        let mut error = Error::local(status.code(), status.message()).or_call_id(header);
        error.0.reason = reason;
        error.0.metadata = metadata;
        let Some(source) = status.source() else {
            if error.0.reason.is_none() && is_cut_off(&status) {
                error.0.code = Code::Unavailable;
                error.0.message = format!("the server was lost in the middle of its answer: {}", status.message());
            }
            return error;
        };
        // Whatever has a source was not said by the server but by tonic, which calls a passed deadline and a closed
        // connection alike CANCELLED; where a program has tonic's servers as well, a broken stream has the code of its reset.
        // A caller who cancels drops the call and sees no status.
        if matches!(error.0.code, Code::Cancelled | Code::Unknown | Code::Internal | Code::ResourceExhausted) {
            error.0.code = if expired(source) { Code::DeadlineExceeded } else { Code::Unavailable };
        }
        error.0.message = match error.0.code {
            Code::DeadlineExceeded => "the deadline passed before the server answered".to_owned(),
            _ => format!("the server cannot be reached: {}", chain(source)),
        };
        if let Some((_, why)) = chain(source).split_once(UNTRUSTED) {
            error.0.untrusted = true;
            error.0.message = format!("the server's certificate is not trusted: {why}; {ADVICE}");
        }
        error.0.source = Some(Arc::new(status));
        error
    }
}

/// The server's own reason; a proxy may have reasons of its own, by the same names.
fn info_of(status: &Status) -> Option<ErrorInfo> {
    status.get_error_details_vec().into_iter().find_map(|detail| match detail {
        ErrorDetail::ErrorInfo(info) if info.domain == DOMAIN => Some(info),
        _ => None,
    })
}

/// Whether an answer ended before its end, which hyper makes of a stream that is reset without an error, as in a shutdown.
/// tonic has but words for it.
fn is_cut_off(status: &Status) -> bool {
    let words = match status.code() {
        Code::Unknown => "protocol error: missing grpc-status trailer",
        Code::Internal => "Unexpected EOF decoding stream",
        _ => return false,
    };
    status.message().starts_with(words)
}

fn expired(source: &(dyn StdError + 'static)) -> bool {
    let mut link = Some(source);
    while let Some(error) = link {
        if error.is::<TimeoutExpired>() {
            return true;
        }
        link = error.source();
    }
    false
}

/// An error's words with those of its causes.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut words = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if words.last() != Some(&said) {
            words.push(said);
        }
        next = cause.source();
    }
    words.join(": ")
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            Some(reason) => write!(formatter, "{:?} ({reason}): {}", self.0.code, self.0.message),
            None => write!(formatter, "{:?}: {}", self.0.code, self.0.message),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn takes_what_tonic_says_of_a_connection_for_lost_and_what_a_server_says_for_its_own() {
        for code in [Code::Cancelled, Code::Unknown, Code::Internal, Code::ResourceExhausted] {
            let mut status = Status::new(code, "h2 protocol error: x");
            assert_eq!(Error::from(status.clone()).code(), status.code());
            status.set_source(Arc::new(io::Error::from(io::ErrorKind::ConnectionReset)));
            assert_eq!(Error::from(status).code(), Code::Unavailable);
        }
        let words = "Unexpected EOF decoding stream.";
        assert_eq!(Error::from(Status::internal(words)).code(), Code::Unavailable);
        let info = ErrorDetails::with_error_info("INTERNAL", "cairn.v1", HashMap::new());
        assert_eq!(Error::from(Status::with_error_details(Code::Internal, words, info)).code(), Code::Internal);
    }
}
