"""The calls of `phusa grafana apply`, held to the OpenAPI document that Grafana publishes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest

from connectors.grafana.client import GrafanaError, GrafanaSettings, apply
from dashboards.wall import to_json

DATABASE = {
    "host": "127.0.0.1",
    "port": "5432",
    "dbname": "phusa",
    "user": "phusa_reader",
    "password": "secret",
}
Call = tuple[str, str, Any]


class _Grafana(BaseHTTPRequestHandler):
    """Answers what is asked as Grafana does: 404 for an unknown data source, 200 else."""

    calls: ClassVar[list[Call]] = []
    statuses: ClassVar[dict[tuple[str, str], int]] = {}

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.calls.append((self.command, self.path, json.loads(body) if body else None))
        status = self.statuses.get((self.command, self.path), 200)
        answer = json.dumps({"message": "ok", "database": "ok", "version": "9.4.0"}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Quiet."""


@pytest.fixture
def grafana() -> Iterator[str]:
    _Grafana.calls, _Grafana.statuses = [], {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Grafana)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _apply(url: str) -> list[Call]:
    apply(GrafanaSettings(url, "token", DATABASE), [json.loads(to_json())])
    return [call for call in _Grafana.calls if call[0] != "GET"]


@pytest.mark.parametrize("known", [True, False], ids=["data source known", "data source new"])
def test_each_call_is_one_that_grafana_documents(grafana: str, data: Path, known: bool) -> None:
    if not known:
        _Grafana.statuses["PUT", "/api/datasources/uid/phusa"] = 404
    document = json.loads((data / "grafana" / "openapi.json").read_text(encoding="utf-8"))

    calls = _apply(grafana)

    assert len(calls) == (3 if known else 4)
    for method, path, body in calls:
        operation = _operation(document, method, path.removeprefix("/api"))
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        jsonschema.validate(body, {**schema, "components": document["components"]})


def _operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    for template, operations in document["paths"].items():
        wanted, given = template.split("/"), path.split("/")
        if (
            len(wanted) == len(given)
            and all(w == g or w.startswith("{") for w, g in zip(wanted, given, strict=True))
            and method.lower() in operations
        ):
            found: dict[str, Any] = operations[method.lower()]
            return found
    msg = f"Grafana documents no {method} {path}"
    raise AssertionError(msg)


def test_a_folder_that_stands_is_kept(grafana: str) -> None:
    _Grafana.statuses["POST", "/api/folders"] = 412

    assert [call[1] for call in _apply(grafana)][-1] == "/api/dashboards/db"


def test_a_refused_token_is_named(grafana: str) -> None:
    _Grafana.statuses["POST", "/api/folders"] = 401

    with pytest.raises(GrafanaError, match="mã dịch vụ bị từ chối"):
        _apply(grafana)


def test_a_grafana_that_is_away_is_named() -> None:
    with pytest.raises(GrafanaError, match=r"http://127\.0\.0\.1:9"):
        apply(GrafanaSettings("http://127.0.0.1:9", "token", DATABASE), [])
