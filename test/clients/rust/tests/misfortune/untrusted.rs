//! A server over TLS whose certificate nobody vouches for.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use cairn_memory::v1::GetMemoryRequest;
use cairn_memory::{Client, Code};
use tokio::net::TcpListener;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::TlsAcceptor;

#[tokio::test]
async fn is_unavailable_and_asked_for_once_and_the_error_says_what_to_do() {
    let acceptor = self_signed();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            // It fails, as the client refuses.
            let _ = acceptor.accept(socket).await;
        }
    });
    let client = Client::builder().url(url).build().expect("a client");
    let error = client.get_memory(GetMemoryRequest::default()).await.expect_err("nobody vouches for it");
    assert_eq!((error.code(), connections.load(Ordering::Relaxed)), (Code::Unavailable, 1), "{error}");
    let words = error.message();
    assert!(
        words.contains("certificate is not trusted: UnknownIssuer; ") && words.contains("ca_certificate"),
        "{words}"
    );
}

fn self_signed() -> TlsAcceptor {
    let folder = std::env::temp_dir().join(format!("cairn-untrusted-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (key, cert) = (folder.join("key.pem"), folder.join("cert.pem"));
    let made = Command::new("openssl")
        .args("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=cairn".split(' '))
        .args("-addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE".split(' '))
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .expect("openssl");
    assert!(made.status.success(), "{made:?}");
    let chain = vec![CertificateDer::from_pem_file(&cert).expect("a certificate")];
    let secret = PrivateKeyDer::from_pem_file(&key).expect("a key");
    fs::remove_dir_all(&folder).expect("to clean up");
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, secret).expect("a pair");
    TlsAcceptor::from(Arc::new(config))
}
