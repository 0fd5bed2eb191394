"""What a client reads from its arguments and the environment."""

import os
import unittest
from unittest.mock import patch

from cairn_memory import AsyncClient, Client
from cairn_memory.settings import Settings, read_settings


def settings(**given: object) -> Settings:
    defaults = {
        "url": None,
        "api_key": None,
        "agent": None,
        "timeout_ms": None,
        "max_attempts": 4,
        "ca": None,
        "headers": None,
    }
    return read_settings(**(defaults | given))


class SettingsTest(unittest.TestCase):
    def test_environment_completes_the_arguments(self) -> None:
        with patch.dict(os.environ, {"CAIRN_URL": "https://cairn.example.com/", "CAIRN_API_KEY": "cairn_a"}):
            read = settings(agent="my-agent", headers={"X-Team": "blue"})
            self.assertEqual(read.url, "https://cairn.example.com")
            self.assertTrue(read.secure)
            wanted = {"authorization": "Bearer cairn_a", "cairn-agent": "my-agent", "x-team": "blue"}
            self.assertEqual(dict(read.headers), wanted)
            self.assertEqual(settings(url="http://[::1]:81", api_key="").headers, {})

    def test_default_address_is_the_machine_itself(self) -> None:
        with patch.dict(os.environ, {"CAIRN_URL": "", "CAIRN_API_KEY": ""}):
            read = settings()
            self.assertEqual((read.url, read.headers), ("http://127.0.0.1:8080", {}))

    def test_wrong_addresses_are_named_at_once(self) -> None:
        for url in (
            "localhost:8080",
            "ftp://host",
            "http://",
            "http://host:x",
            "http://a@host",
            "http://host/?q",
            " http://host",
            "",
        ):
            with self.subTest(url), self.assertRaisesRegex(ValueError, "^url is "):
                Client(url)
        with patch.dict(os.environ, {"CAIRN_URL": "cairn"}), self.assertRaisesRegex(ValueError, "^CAIRN_URL is "):
            AsyncClient()

    def test_what_is_secret_is_not_shown(self) -> None:
        wrong: list[dict[str, object]] = [
            {"url": "http://me:secret@host"},
            {"url": "http://me:secret@host:x"},
            {"api_key": "secret\n"},
            {"headers": {"authorization": "Bearer secret\n"}},
        ]
        for given in wrong:
            with self.subTest(given), self.assertRaises(ValueError) as caught:
                settings(**given)
            self.assertNotIn("secret", str(caught.exception))
        self.assertNotIn("secret", repr(settings(api_key="secret")))
        with (
            patch.dict(os.environ, {"CAIRN_API_KEY": "secret\n"}),
            self.assertRaisesRegex(ValueError, "^CAIRN_API_KEY has"),
        ):
            Client()

    def test_wrong_arguments_are_named_at_once(self) -> None:
        wrong = {
            "api_key": "a b",
            "agent": "a\n",
            "timeout_ms": 0,
            "max_attempts": -1,
            "headers": {"a b": "c"},
            "ca": b"no certificate",
            "protocol": "http",
        }
        for name, value in wrong.items():
            with self.subTest(name), self.assertRaisesRegex(ValueError, name):
                Client("http://host", **{name: value})


if __name__ == "__main__":
    unittest.main()
