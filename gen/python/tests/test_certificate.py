"""What the clients make of a server whose certificate they do not accept."""

import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from failing import FailingCase
from wires import HTTP1, HTTP2, client_of

from cairn_memory import Code


class SecureServer:
    """Shows a certificate of its own making for 127.0.0.1, and counts who comes."""

    def __init__(self) -> None:
        self.connections = 0
        with tempfile.TemporaryDirectory() as folder:
            key, cert = f"{folder}/key.pem", f"{folder}/cert.pem"
            kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
            name = ["-subj", "/CN=cairn", "-addext", "subjectAltName=IP:127.0.0.1"]
            leaf = ["-addext", "basicConstraints=critical,CA:FALSE"]
            made = ["openssl", "req", "-x509", *kind, *name, *leaf, "-keyout", key, "-out", cert]
            subprocess.run(made, check=True, capture_output=True)
            self.cert = Path(cert).read_bytes()
            self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._context.load_cert_chain(cert, key)
        self._context.set_alpn_protocols(["h2", "http/1.1"])
        self._listener = socket.create_server(("0.0.0.0", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            self.connections += 1
            try:
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(1)
            except OSError:
                pass

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class CertificateTest(FailingCase):
    """Unavailable, with a word on what to do, and not asked again."""

    def expect_distrust(self, wire: str, host: str, why: str, trusts_it: bool) -> None:
        server = SecureServer()
        self.addCleanup(server.close)
        options = {"ca": server.cert} if trusts_it else {}
        with self.subTest((wire, host)), client_of(wire, f"https://{host}:{server.port}", **options) as cairn:
            failure = self.fails(Code.UNAVAILABLE, lambda: cairn.call("read"))
            self.assertRegex(
                failure.message, f"(?is)certificate is not trusted: .*(?:{why}).*; check the address .*`ca`$"
            )
            self.assertEqual(server.connections, 1)

    def test_one_that_nobody_vouches_for(self) -> None:
        for wire in HTTP1 + HTTP2:
            self.expect_distrust(wire, "127.0.0.1", "issuer|self.signed", trusts_it=False)

    def test_one_of_another_host(self) -> None:
        for wire in HTTP1 + HTTP2:
            self.expect_distrust(wire, "127.0.0.2", "name|hostname", trusts_it=True)


if __name__ == "__main__":
    unittest.main()
