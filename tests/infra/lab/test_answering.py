"""The people, the load and the configuration of the fault test."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors import commune as files
from connectors.settings import ROOT
from connectors.ways import answer_patterns
from infra.lab.faults.answering import People
from infra.lab.faults.configured import CLEAR_HOLD_S, HOLD_S, REPEAT_MIN, configure, take_answers
from infra.lab.faults.load import PERIOD_S, SWING, Load
from infra.rehearsal.simulator.station import Publisher
from models.envelope.reading import Reading
from tests.builders import commune
from tests.gateways import eventually, own_settings, serving

EXAMPLE = ROOT / "infra" / "commune"


class Refusing:
    """Phones with messages, of a service whose first call of each answer fails; the first `troubled` looks find no page."""

    def __init__(self, number: int, troubled: int = 0) -> None:
        self.looks, self._troubled = 0, troubled
        self.told: Counter[str] = Counter()
        self._messages = [
            {"channel": "zalo", "key": f"k{i}", "contact": "an", "text": "", "code": 10 + i}
            for i in range(number)
        ]

    def app(self) -> Starlette:
        return Starlette(
            routes=[Route("/_messages", self._read), Route("/_answer", self._hear, methods=["POST"])]
        )

    async def _read(self, _request: Request) -> Response:
        self.looks += 1
        return Response("trouble", 500) if self.looks <= self._troubled else JSONResponse(self._messages)

    async def _hear(self, request: Request) -> Response:
        told = await request.json()
        self.told[f"{told['channel']}:{told['id']}"] += 1
        return Response(status_code=500 if self.told[f"{told['channel']}:{told['id']}"] == 1 else 200)


def test_an_answer_is_told_with_one_id_until_it_is_taken(tmp_path: Path) -> None:
    service = Refusing(40)
    with serving(service.app(), own_settings(tmp_path).gateway_port) as address:
        people = People(address, seed=1)
        people.start()
        eventually(lambda: people.accepted)
        people.stop()

    keys = [one.key for one in people.accepted]
    assert sorted(service.told) == sorted(set(keys)) == sorted(keys)
    assert min(service.told.values()) > 1
    assert people.again
    assert people.refused >= len(keys)


def test_the_copy_calls_the_same_people_sooner_and_has_no_mistake(tmp_path: Path) -> None:
    configure(EXAMPLE, tmp_path / "commune")

    assert files.check(tmp_path / "commune") == []
    own, other = files.load(tmp_path / "commune"), files.load(EXAMPLE)
    assert own.routing is not None
    assert other.routing is not None
    assert [[rung.roles for rung in one.rungs] for one in own.routing.ladders] == [
        [rung.roles for rung in one.rungs] for one in other.routing.ladders
    ]
    assert {one.repeat_min for one in own.routing.ladders} == {REPEAT_MIN}
    assert max(rule.hold_s for rule in own.rules if rule.kind == "river") <= HOLD_S
    assert max(rule.clear_hold_s or 0 for rule in own.rules) <= CLEAR_HOLD_S


def test_an_sms_of_the_copy_says_how_to_answer(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    take_answers(settings)

    assert answer_patterns(settings)["sms"] == "PHUSA {} gui 8041"


class Kept:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.published: list[bytes] = []

    def publish(self, _station: str, payload: bytes) -> None:
        self.published.append(payload)

    def drain(self, _timeout_s: float) -> None:
        return


def test_the_load_falls_once_more_and_then_stays_high() -> None:
    start = datetime.fromtimestamp(1_000 * PERIOD_S + 60, UTC)
    ticks = 0

    def now() -> datetime:
        nonlocal ticks
        ticks += 1
        return start + timedelta(seconds=PERIOD_S / 60 * ticks)

    kept = Kept()
    load = Load(commune(), cast("Publisher", kept), now, 10_000.0)
    high = load.hold()
    load.start()
    eventually(lambda: len(kept.published) > 200)
    load.stop()

    read = [msgspec.json.decode(one, type=Reading) for one in kept.published]
    levels = [(one.at, one.value) for one in read if one.parameter == "river_level"]
    assert high == datetime.fromtimestamp(1_001.5 * PERIOD_S, UTC)
    assert {value for at, value in levels if at >= high} == {SWING["river_level"][1]}
    assert min(value for at, value in levels if at < high) < SWING["river_level"][0] + 0.1


def test_a_gateway_in_trouble_keeps_nobody_from_answering(tmp_path: Path) -> None:
    service = Refusing(40, troubled=1)
    with serving(service.app(), own_settings(tmp_path).gateway_port) as address:
        people = People(address, seed=1)
        people.start()
        eventually(lambda: people.accepted)
        people.stop()

    assert service.looks > 1
