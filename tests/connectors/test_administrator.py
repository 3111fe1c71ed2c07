"""The other way to the administrator: a webhook, a mail server; what it is told, and what is wrong with its file."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from connectors.administrator import FILE, Administrator, Mail, administrator, tell

MAIL = {"server": "127.0.0.1", "port": 25, "sender": "phusa@example.vn", "to": ["admin@example.vn"]}


def written(tmp_path: Path, content: object) -> Path:
    (tmp_path / FILE).write_text(
        content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
    )
    return tmp_path


def test_without_a_file_nobody_can_be_told(tmp_path: Path) -> None:
    assert not administrator(tmp_path).reachable


@pytest.mark.parametrize(
    "content", [{"webhook": "https://x.example/a"}, {"mail": MAIL}], ids=["webhook", "mail"]
)
def test_one_way_is_enough(tmp_path: Path, content: object) -> None:
    assert administrator(written(tmp_path, content)).reachable


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("{", id="no JSON"),
        pytest.param({"webhook": "secret-token"}, id="no address"),
        pytest.param({"mail": {"server": "x"}}, id="nobody to write to"),
        pytest.param({"webhok": "https://secret-token"}, id="a field that is none"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_never_quoted(tmp_path: Path, content: object) -> None:
    with pytest.raises(ValueError, match=FILE) as raised:
        administrator(written(tmp_path, content))

    assert "secret-token" not in str(raised.value)


@contextmanager
def hook(status: int) -> Iterator[tuple[str, list[dict[str, str]]]]:
    told: list[dict[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", told
        server.shutdown()


@pytest.mark.parametrize(("status", "taken"), [(204, True), (500, False), (404, False), (302, False)])
def test_a_webhook_that_takes_it_has_it_and_one_that_does_not_is_asked_again_later(
    status: int, taken: bool
) -> None:
    with hook(status) as (address, told):
        assert tell(Administrator(webhook=address), "tin", "chữ") is taken

    assert told == [{"title": "tin", "text": "tin\nchữ"}]


class _Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client without extensions asks for."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = []
                while (part := self.rfile.readline()) != b".\r\n":
                    body.append(part)
                self.server.letters.append(b"".join(body))  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


def test_a_mail_reaches_whom_the_file_names() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.letters = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        mail = Mail("127.0.0.1", "phusa@example.vn", ["admin@example.vn"], server.server_address[1])
        assert tell(Administrator(mail=mail), "TIN THỬ TRỄ", "xem phusa status")
        (letter,) = server.letters  # type: ignore[attr-defined]
        server.shutdown()

    assert b"To: admin@example.vn" in letter
    assert b"phusa status" in letter


@pytest.mark.parametrize(
    "own",
    [
        pytest.param(Administrator(webhook="http://127.0.0.1:1/"), id="a webhook that is away"),
        pytest.param(
            Administrator(mail=Mail("127.0.0.1", "a@x.vn", ["b@x.vn"], 1)), id="a mail server that is away"
        ),
        pytest.param(Administrator(), id="no way"),
    ],
)
def test_who_cannot_be_reached_is_no_error_and_was_not_told(own: Administrator) -> None:
    assert tell(own, "a", "b") is False
