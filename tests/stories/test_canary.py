"""The canary's way through every real part, and by another way to the administrator when one part stands."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
import pytest

from connectors.clock import system
from connectors.mqtt.canary import Canary, canary_reading
from connectors.page.watcher import Watcher
from connectors.settings import Settings
from connectors.timescale.canary import CanaryState, canary_state
from infra.run.stack.place import place
from infra.run.stack.supervisor import Supervisor
from models.alerting.canary import HOLD, LATE_S
from models.commune.canary import CANARY
from tests.gateways import eventually, messages

pytestmark = [pytest.mark.integration, pytest.mark.slow]

MINUTE = timedelta(minutes=1)


def ask(settings: Settings, query: Any, values: list[object] | None = None) -> list[tuple[Any, ...]]:
    with psycopg.connect(settings.dsn("writer")) as connection:
        return connection.execute(query, values).fetchall()


def state(settings: Settings, at: datetime) -> CanaryState:
    with psycopg.connect(settings.dsn("reader")) as connection:
        return canary_state(connection, at)


def send(settings: Settings, at: datetime) -> datetime:
    """The canary of the moment `at`, by its own user, and before it that of a minute ago: whatever was before, it is a change."""
    _send(settings, at - MINUTE)
    return _send(settings, at)


def _send(settings: Settings, at: datetime) -> datetime:
    stopping, canary = threading.Event(), Canary(settings, lambda: at)
    thread = threading.Thread(target=canary.run, args=(stopping,))
    thread.start()
    eventually(canary.send)
    stopping.set()
    thread.join(30)
    return canary_reading(at).at


def seen(settings: Settings, at: datetime) -> bool:
    return ask(settings, "select count(*) from canary where sent_at = %s", [at]) == [(1,)]


@pytest.fixture
def hook() -> Iterator[tuple[str, list[str]]]:
    """A webhook of the administrator, and the titles that it was told."""
    titles: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            titles.append(json.loads(self.rfile.read(int(self.headers["content-length"])))["title"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", titles
    server.shutdown()


@pytest.fixture(scope="module")
def came(running: Settings) -> datetime:
    """One that has gone the whole way."""
    at = send(running, system())
    eventually(lambda: seen(running, at))
    return at


def test_it_goes_the_whole_way_and_is_no_alert_no_figure_and_no_message_of_anybody(
    running: Settings, came: datetime
) -> None:
    assert state(running, system()).sent_at == came
    assert ask(running, "select count(*) from alert where station = %s", [CANARY]) == [(0,)]
    assert ask(running, "select count(*) from observation where station = %s", [CANARY]) == [(0,)]
    eventually(
        lambda: (
            {row[0] for row in ask(running, "select state from notification where contact = %s", [CANARY])}
            == {"delivered"}
        )
    )
    assert messages(running.gateway_url) == []


def test_with_one_part_standing_it_is_late_and_the_administrator_is_told_once_and_once_that_it_is_back(
    running: Settings, came: datetime, hook: tuple[str, list[str]]
) -> None:
    address, titles = hook
    secret = running.secrets_dir / "administrator.json"
    secret.write_text(json.dumps({"webhook": address}), encoding="utf-8")
    clock = [came]
    watcher = Watcher(running, "Quảng Điền", lambda: clock[0])
    watcher.look()

    supervisor = Supervisor(place(running))
    supervisor.stop("alerts")
    try:
        waits = send(running, came + MINUTE)
        late = came + timedelta(seconds=LATE_S) + 2 * MINUTE
        for clock[0] in (late, late + HOLD, late + 2 * HOLD):
            watcher.look()
        assert not seen(running, waits)
        assert state(running, late).state == "warning"
        assert ["TRỄ" in title for title in titles] == [True]
    finally:
        supervisor.start("alerts")
    eventually(lambda: seen(running, waits))
    # The watcher's clock is the test's, and so is the moment at which it saw it.
    ask(running, "update canary set seen_at = sent_at where sent_at = %s returning 1", [waits])
    for clock[0] in (waits + MINUTE, waits + MINUTE + HOLD):
        watcher.look()
    secret.unlink()

    assert [("TRỄ" in title, "thông lại" in title) for title in titles] == [(True, False), (False, True)]
