"""Gateways that are slow, wrong, limited, down, or answer 200 with an error inside: what each phone got in the end, and by which way.

The real senders ask the simulated services over HTTP; the cooperative has Zalo and SMS, the control room SMS alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors import http
from connectors.ways import open_senders
from tests.gateways import eventually, faults, gateway, messages, own_settings, serving
from tests.nights import TOO_FAST, Gateway, Night, Told, goes, sms, want
from tests.stories.example import COOPERATIVE, ROOM, oxygen

pytestmark = pytest.mark.integration

NEWS = "CA THIEU OXY: Long ca La Van"
Phone = tuple[str, str, int]
"""Contact, way, how many messages."""

ROWS: dict[str, tuple[dict[str, Any], list[Told], list[Phone]]] = {
    "nothing is wrong": (
        {},
        [Told("14:00", COOPERATIVE, NEWS, "zalo"), Told("14:00", ROOM, NEWS, "sms")],
        [(COOPERATIVE, "zalo", 1), (ROOM, "sms", 1)],
    ),
    "Zalo is limited for two calls": (
        {"codes": {"zalo": [-32, -32]}},
        [Told("14:00:03", COOPERATIVE, NEWS, "zalo"), Told("14:00", ROOM, NEWS, "sms")],
        [(COOPERATIVE, "zalo", 1), (ROOM, "sms", 1)],
    ),
    "Zalo answers 200 and has no money": (
        {"codes": {"zalo": [-115]}},
        [Told("14:00", COOPERATIVE, NEWS, "sms"), Told("14:00", ROOM, NEWS, "sms")],
        [(COOPERATIVE, "sms", 1), (ROOM, "sms", 1)],
    ),
    "Zalo answers 200 with a code that nobody documents": (
        {"codes": {"zalo": [-999]}},
        [Told("14:00", COOPERATIVE, NEWS, "sms"), Told("14:00", ROOM, NEWS, "sms")],
        [(COOPERATIVE, "sms", 1), (ROOM, "sms", 1)],
    ),
    "eSMS answers 200 and is busy twice": (
        {"codes": {"sms": ["99", "99"]}},
        [Told("14:00", COOPERATIVE, NEWS, "zalo"), Told("14:00:03", ROOM, NEWS, "sms")],
        [(COOPERATIVE, "zalo", 1), (ROOM, "sms", 1)],
    ),
    "eSMS answers 200 and has no money for ten seconds: who has no other way is told once it has": (
        {"codes": {"sms": ["103"] * 4}},
        [Told("14:00", COOPERATIVE, NEWS, "zalo"), Told("14:00:15", ROOM, NEWS, "sms")],
        [(COOPERATIVE, "zalo", 1), (ROOM, "sms", 1)],
    ),
    "both are down for ten seconds": (
        {"busy": 1.0},
        [Told("14:00:15", COOPERATIVE, NEWS, "zalo"), Told("14:00:15", ROOM, NEWS, "sms")],
        [(COOPERATIVE, "zalo", 1), (ROOM, "sms", 1)],
    ),
    "answers are lost: SMS knows our key and is one; Zalo does not, and after a minute SMS goes too": (
        {"drop_answer": 1.0},
        [Told("14:01:01", COOPERATIVE, NEWS, "sms"), Told("14:00:01", ROOM, NEWS, "sms")],
        [(COOPERATIVE, "zalo", 1), (COOPERATIVE, "sms", 1), (ROOM, "sms", 1)],
    ),
}


@pytest.mark.parametrize(("wrong", "told", "phones"), ROWS.values(), ids=ROWS)
def test_each_is_told_by_the_way_that_takes_it(
    night: Night, tmp_path: Path, wrong: dict[str, Any], told: list[Told], phones: list[Phone]
) -> None:
    settings = own_settings(tmp_path / "gateway")
    with gateway(settings) as address:
        night.senders = dict(open_senders(settings))
        night.at("14:00", lambda: faults(address, **wrong), goes(oxygen(), 1, value=2.8, limit=3.0))
        night.at("14:00:10", lambda: faults(address))
        night.play("14:30")
        reached = [(one["contact"], one["channel"]) for one in messages(address)]

    want(night, told)
    assert sorted(reached) == sorted((name, way) for name, way, count in phones for _ in range(count))


def test_a_gateway_that_is_too_slow_to_answer_still_rings_an_sms_once(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every answer comes after we have stopped waiting; Zalo's message is in doubt, and SMS goes too."""
    settings = own_settings(tmp_path / "gateway")
    monkeypatch.setattr(http, "client", lambda: httpx.AsyncClient(timeout=httpx.Timeout(5.0, read=0.1)))
    with gateway(settings) as address:
        night.senders = dict(open_senders(settings))
        night.at("14:00", lambda: faults(address, delay_s=0.3), goes(oxygen(), 1, value=2.8, limit=3.0))
        night.at("14:00:05", lambda: faults(address))
        night.play("14:30")
        eventually(lambda: len(messages(address)) >= 3)
        reached = sorted((one["contact"], one["channel"]) for one in messages(address))

    assert reached == [(ROOM, "sms"), (COOPERATIVE, "sms"), (COOPERATIVE, "zalo")]
    assert night.states() == {"delivered": 2}


def test_what_is_no_answer_of_the_service_is_a_doubt_and_sms_asks_again_until_it_is_one(
    night: Night, tmp_path: Path
) -> None:
    """A page of a proxy with status 200: nobody knows whether the message was taken."""
    settings = own_settings(tmp_path / "gateway")

    async def say(_request: Request) -> Response:
        return PlainTextResponse("<html>Welcome to the hotel</html>", 200)

    app = Starlette(routes=[Route("/{rest:path}", say, methods=["GET", "POST"])])
    with serving(app, settings.gateway_port):
        night.senders = dict(open_senders(settings))
        night.at("14:00", goes(oxygen(), 1, value=2.8, limit=3.0))
        night.play("14:30")

    want(night, [])
    assert night.rows("select contact, channel, state from notification order by contact desc") == [
        (COOPERATIVE, "sms", "pending"),
        (ROOM, "sms", "pending"),
    ]


GATEWAYS: dict[str, tuple[Callable[[Gateway, Gateway], object], list[Told]]] = {
    "Zalo takes it and no receipt comes": (
        lambda zalo, _sms: setattr(zalo, "receipts", False),
        [Told("14:00", COOPERATIVE, NEWS, "zalo"), Told("14:01:01", COOPERATIVE, NEWS, "sms"), Told("14:00", ROOM, NEWS, "sms")],
    ),
    "SMS takes it and no receipt comes": (
        lambda _zalo, sms: setattr(sms, "receipts", False),
        [Told("14:00", COOPERATIVE, NEWS, "zalo"), Told("14:00", ROOM, NEWS, "sms")],
    ),
    "Zalo is limited all the time": (
        lambda zalo, _sms: setattr(zalo, "answers", TOO_FAST),
        [Told("14:00:15", COOPERATIVE, NEWS, "sms"), Told("14:00", ROOM, NEWS, "sms")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "told"), GATEWAYS.values(), ids=GATEWAYS)
def test_who_is_not_reached_by_one_way_is_told_by_the_next(
    night: Night, wrong: Callable[[Gateway, Gateway], object], told: list[Told]
) -> None:
    wrong(night.zalo, night.sms)
    night.at("14:00", goes(oxygen(), 1, value=2.8, limit=3.0))
    night.play("14:30")

    want(night, told)


def test_nothing_is_told_twice_by_two_ways_that_give_receipts(night: Night) -> None:
    night.at("14:00", goes(oxygen(), 1, value=2.8, limit=3.0))
    night.play("20:00")

    want(night, sms("14:00", (COOPERATIVE, ROOM), NEWS))
