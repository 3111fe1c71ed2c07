"""Zalo's tokens: each refresh token serves once, and none may be lost."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.settings import Settings
from connectors.zalo import client as zalo
from connectors.zalo.token import TokenKeeper, Tokens
from models.alerting.sending import Answer, Sent
from tests.gateways import HANG_S, faults, messages, serving
from tests.senders import order, send, tokens


def test_a_token_code_is_met_with_one_new_token_and_the_message_goes(
    settings: Settings, address: str
) -> None:
    for n, code in enumerate([-124, -216, -220, 452], start=1):
        before = tokens(settings)
        faults(address, codes={"zalo": [code]})
        (sent,) = send(settings, "zalo", order(settings, key=f"{n:040d}"))

        assert sent.answer is Answer.SENT
        assert tokens(settings)["refresh_token"] != before["refresh_token"]
        assert len(messages(address)) == n


def test_a_token_that_is_refused_again_after_the_refresh_is_tried_later(
    settings: Settings, address: str
) -> None:
    faults(address, codes={"zalo": [-216, -216]})
    (sent,) = send(settings, "zalo", order(settings))

    assert (sent.answer, sent.code) == (Answer.RETRY, "-216")
    assert messages(address) == []


def test_a_token_that_is_not_taken_is_refreshed_once_and_kept(settings: Settings, address: str) -> None:
    path = settings.secrets_dir / "zalo_token.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    httpx.post(f"{address}/_revoke", timeout=HANG_S).raise_for_status()
    answers = send(settings, "zalo", order(settings), order(settings, key="b" * 40))
    after = json.loads(path.read_text(encoding="utf-8"))

    assert [answer.answer for answer in answers] == [Answer.SENT, Answer.SENT]
    assert after["refresh_token"] != before["refresh_token"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_refresh_token_serves_once(settings: Settings, address: str) -> None:
    path = settings.secrets_dir / "zalo_token.json"
    used = path.read_bytes()
    httpx.post(f"{address}/_revoke", timeout=HANG_S).raise_for_status()
    assert send(settings, "zalo", order(settings))[0].answer is Answer.SENT
    path.write_bytes(used)
    httpx.post(f"{address}/_revoke", timeout=HANG_S).raise_for_status()
    (sent,) = send(settings, "zalo", order(settings, key="c" * 40))

    assert sent.answer is Answer.STOPPED
    assert "đăng nhập lại" in sent.reason


def test_messages_at_the_same_time_share_one_refresh(settings: Settings, address: str) -> None:
    httpx.post(f"{address}/_revoke", timeout=HANG_S).raise_for_status()

    async def together() -> list[Sent]:
        sender = zalo.open_sender(settings)
        try:
            return await asyncio.gather(*(sender.send(order(settings, key=f"{i:040d}")) for i in range(8)))
        finally:
            await sender.close()

    # A second refresh with the same refresh token would have been refused.
    assert {one.answer for one in asyncio.run(together())} == {Answer.SENT}
    assert len(messages(address)) == 8


def test_a_token_that_is_over_is_refreshed_before_it_is_used(settings: Settings, address: str) -> None:
    path, before = settings.secrets_dir / "zalo_token.json", tokens(settings)
    path.write_text(json.dumps(before | {"expires_at": "2020-01-01T00:00:00+00:00"}), encoding="utf-8")
    (sent,) = send(settings, "zalo", order(settings))

    assert sent.answer is Answer.SENT
    assert tokens(settings)["access_token"] != before["access_token"]
    assert len(messages(address)) == 1


def test_a_new_token_is_on_the_disk_before_it_is_used_and_is_not_lost_when_the_disk_is_full(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, full = TokenKeeper._write, [True]

    def on_a_full_disk(own: TokenKeeper, new: Tokens) -> None:
        if full:
            full.pop()
            raise OSError(28, "No space left on device")
        write(own, new)

    monkeypatch.setattr(TokenKeeper, "_write", on_a_full_disk)
    before = tokens(settings)
    httpx.post(f"{address}/_revoke", timeout=HANG_S).raise_for_status()
    answers = send(settings, "zalo", order(settings), order(settings, key="b" * 40))

    assert [answer.answer for answer in answers] == [Answer.AWAY, Answer.SENT]
    assert tokens(settings)["refresh_token"] != before["refresh_token"]
    assert [message["key"] for message in messages(address)] == ["b" * 40]


def test_a_new_pair_with_an_unreadable_life_is_kept(settings: Settings) -> None:
    lives: list[Any] = [None, "soon", -1, "9" * 30]
    pairs = [
        {"access_token": f"a{i}", "refresh_token": f"r{i}", "expires_in": x} for i, x in enumerate(lives)
    ]
    # Each time: the old token is not taken, a new pair, the message is taken.
    turns = [one for pair in pairs for one in ({"error": -216}, pair, {"error": 0})]
    left = [JSONResponse(turn) for turn in turns]

    async def say(_request: Request) -> Response:
        return left.pop(0)

    with serving(Starlette(routes=[Route("/{rest:path}", say, methods=["POST"])]), settings.gateway_port):
        answers = send(settings, "zalo", *(order(settings) for _ in lives))

    assert [answer.answer for answer in answers] == [Answer.SENT] * len(lives)
    assert tokens(settings)["refresh_token"] == "r3"


def test_tokens_that_a_person_signed_in_for_are_found_without_a_restart(
    settings: Settings, address: str
) -> None:
    path, good = settings.secrets_dir / "zalo_token.json", tokens(settings)
    path.write_text(json.dumps(good | {"access_token": "old", "refresh_token": "used"}), encoding="utf-8")

    async def before_and_after() -> list[Sent]:
        sender = zalo.open_sender(settings)
        try:
            first = await sender.send(order(settings))
            path.write_text(json.dumps(good), encoding="utf-8")
            return [first, await sender.send(order(settings))]
        finally:
            await sender.close()

    first, second = asyncio.run(before_and_after())

    assert (first.answer, second.answer) == (Answer.STOPPED, Answer.SENT)
    assert len(messages(address)) == 1
