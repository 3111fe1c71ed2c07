"""Zalo's token endpoint is away, late or wrong: nobody waits behind anybody, and no pair is ever lost."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from connectors import http
from connectors.settings import Settings
from connectors.zalo import client as zalo
from connectors.zalo.client import PATH as MESSAGES
from connectors.zalo.token import ANSWER_S, PATH, TokenKeeper
from models.alerting.sending import Answer, Sent
from tests.gateways import eventually, own_settings, serving
from tests.senders import order, tokens

NEW = {"access_token": "a-new", "refresh_token": "r-new", "expires_in": "90000"}
EXPIRED = "2020-01-01T00:00:00+00:00"


class House:
    """Zalo: takes every message; its token endpoint answers when the test lets it, with what the test says."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.answer: Response = JSONResponse(NEW)
        self.asked: list[str] = []
        self.messages: list[str] = []

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route(PATH, self.token, methods=["POST"]),
                Route(MESSAGES, self.message, methods=["POST"]),
            ]
        )

    async def token(self, request: Request) -> Response:
        self.asked.append((await request.body()).decode())
        await asyncio.to_thread(self.let_go.wait)
        return self.answer

    async def message(self, request: Request) -> Response:
        self.messages.append(request.headers["access_token"])
        return JSONResponse({"error": 0, "data": {"msg_id": "1"}})


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    own = House()
    with serving(own.application(), settings.gateway_port):
        yield own
        own.let_go.set()


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    """A message waits next to nothing for a token: what is still asked for then is late."""
    return own_settings(tmp_path).model_copy(update={"token_wait_s": 0.05})


def expire(settings: Settings, at: str = EXPIRED) -> dict[str, str]:
    """Make the token end at `at`; returns the file."""
    told = tokens(settings) | {"expires_at": at}
    (settings.secrets_dir / "zalo_token.json").write_text(json.dumps(told), encoding="utf-8")
    return told


def audited(settings: Settings) -> list[dict[str, Any]]:
    lines = (settings.var / "logs" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def events(settings: Settings) -> list[str]:
    return [str(one["event"]) for one in audited(settings)]


def with_sender(settings: Settings, work: Callable[[zalo.ZaloSender], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        sender = zalo.open_sender(settings)
        assert isinstance(sender, zalo.ZaloSender)
        try:
            return await work(sender)
        finally:
            await sender.close()

    return asyncio.run(inside())


async def nine(settings: Settings, sender: zalo.ZaloSender) -> list[Sent]:
    return await asyncio.gather(*(sender.send(order(settings, key=f"{i:040d}")) for i in range(9)))


async def soon(question: Callable[[], Any]) -> Any:
    return await asyncio.to_thread(eventually, question)


def test_nine_callers_of_a_token_endpoint_that_does_not_answer_all_go_on_and_one_has_asked(
    settings: Settings, house: House
) -> None:
    expire(settings)

    async def story(sender: zalo.ZaloSender) -> tuple[list[Sent], list[Sent], int, Sent]:
        first = await nine(settings, sender)
        known = await nine(settings, sender)
        await soon(lambda: house.asked)
        asked = len(house.asked)
        house.let_go.set()
        await soon(lambda: tokens(settings)["refresh_token"] == "r-new")
        return first, known, asked, await sender.send(order(settings))

    first, known, asked, after = with_sender(settings, story)

    assert [one.answer for one in first + known] == [Answer.AWAY] * 18
    assert asked == 1
    assert after.answer is Answer.SENT
    assert house.messages == ["a-new"]


def test_an_answer_that_comes_when_nobody_waits_any_more_is_kept(settings: Settings, house: House) -> None:
    expire(settings)

    async def story(sender: zalo.ZaloSender) -> Sent:
        sent = await sender.send(order(settings))
        house.let_go.set()
        return sent

    # close() waits for the answer: the process may end, the pair may not.
    sent = with_sender(settings, story)

    assert sent.answer is Answer.AWAY
    assert tokens(settings)["access_token"] == "a-new"
    assert events(settings) == [
        "zalo_token_asked",
        "zalo_token_overdue",
        "zalo_token_new",
        "zalo_token_written",
    ]
    assert ANSWER_S >= 3 * 20, "an answer after 20 s is waited for"


WRONG: dict[str, tuple[Response, Answer, str]] = {
    "null tokens": (
        JSONResponse({"access_token": None, "refresh_token": None, "expires_in": None}), Answer.AWAY, "bad_answer"
    ),
    "null tokens and the error 0": (
        JSONResponse({"error": 0, "access_token": None, "refresh_token": None}), Answer.AWAY, "bad_answer"
    ),
    "one of the two is null": (JSONResponse(NEW | {"refresh_token": None}), Answer.AWAY, "bad_answer"),
    "an empty token": (JSONResponse(NEW | {"access_token": " "}), Answer.AWAY, "bad_answer"),
    "a token that is a number": (JSONResponse(NEW | {"access_token": 7}), Answer.AWAY, "bad_answer"),
    "a token that no header can carry": (JSONResponse(NEW | {"access_token": "mã"}), Answer.AWAY, "bad_answer"),
    "an error inside 200": (
        JSONResponse({"error": -14014, "error_name": "Invalid refresh token"}), Answer.STOPPED, "bad_answer"
    ),
    "an error inside 200 beside null tokens": (
        JSONResponse({"error": -14014, "access_token": None, "refresh_token": None}), Answer.STOPPED, "bad_answer"
    ),
    "an error inside 200 beside a pair": (
        JSONResponse(NEW | {"error": -14014, "error_name": "Invalid refresh token"}), Answer.STOPPED, "bad_answer"
    ),
    "nothing": (JSONResponse({}), Answer.AWAY, "bad_answer"),
    "no JSON": (PlainTextResponse("<html>"), Answer.AWAY, "not_answered"),
    "busy": (PlainTextResponse("busy", 503), Answer.AWAY, "not_answered"),
    "a bad gateway": (PlainTextResponse("no", 502), Answer.AWAY, "not_answered"),
    "not found": (PlainTextResponse("no", 404), Answer.AWAY, "not_answered"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "told", "event"), WRONG.values(), ids=WRONG.keys())
def test_an_answer_without_a_pair_leaves_the_old_pair(
    settings: Settings, house: House, answer: Response, told: Answer, event: str
) -> None:
    settings = settings.model_copy(update={"token_wait_s": 10.0})
    before = expire(settings)
    house.answer = answer
    house.let_go.set()

    sent = with_sender(settings, lambda sender: sender.send(order(settings)))

    assert sent.answer is told
    assert tokens(settings) == before
    assert house.messages == []
    assert events(settings) == ["zalo_token_asked", f"zalo_token_{event}"]


def test_a_pair_that_was_not_lost_serves_when_zalo_is_well_again(settings: Settings, house: House) -> None:
    settings = settings.model_copy(update={"token_wait_s": 10.0})
    before = expire(settings)
    house.answer = JSONResponse({"access_token": None, "refresh_token": None})
    house.let_go.set()
    with_sender(settings, lambda sender: sender.send(order(settings)))
    house.answer = JSONResponse(NEW)

    sent = with_sender(settings, lambda sender: sender.send(order(settings)))

    assert sent.answer is Answer.SENT
    assert f"refresh_token={before['refresh_token']}" in house.asked[-1]


def test_the_audit_log_never_holds_a_token(settings: Settings, house: House) -> None:
    settings = settings.model_copy(update={"token_wait_s": 10.0})
    before = expire(settings)
    house.let_go.set()
    with_sender(settings, lambda sender: sender.send(order(settings)))

    text = (settings.var / "logs" / "audit.jsonl").read_text(encoding="utf-8")
    held = [before["access_token"], before["refresh_token"], "a-new", "r-new"]
    assert [one for one in held if one in text] == []
    assert (settings.var / "logs" / "audit.jsonl").stat().st_mode & 0o077 == 0


def test_an_old_token_serves_to_its_end_while_the_new_one_does_not_come(
    settings: Settings, house: House
) -> None:
    old = expire(settings, (datetime.now(UTC) + timedelta(minutes=5)).isoformat())

    async def story(sender: zalo.ZaloSender) -> list[Sent]:
        sent = await nine(settings, sender)
        house.let_go.set()
        return sent

    sent = with_sender(settings, story)

    assert [one.answer for one in sent] == [Answer.SENT] * 9
    assert house.messages == [old["access_token"]] * 9
    assert len(house.asked) == 1
    assert tokens(settings)["refresh_token"] == "r-new"


def test_two_processes_do_not_use_one_refresh_token_twice(settings: Settings, house: House) -> None:
    """The second finds the lock held, however long the first takes, and then the first one's pair."""
    expire(settings)

    async def story(first: zalo.ZaloSender) -> tuple[Sent, Sent, int, Sent]:
        one = await first.send(order(settings))
        second = zalo.open_sender(settings)
        other = await second.send(order(settings))
        await soon(lambda: house.asked)
        asked = len(house.asked)
        house.let_go.set()
        await soon(lambda: tokens(settings)["refresh_token"] == "r-new")
        after = await second.send(order(settings))
        await second.close()
        return one, other, asked, after

    one, other, asked, after = with_sender(settings, story)

    assert (one.answer, other.answer, after.answer) == (Answer.AWAY, Answer.AWAY, Answer.SENT)
    assert (asked, len(house.asked)) == (1, 1)
    assert "zalo_token_refreshed_elsewhere" in events(settings)


def test_a_channel_that_is_down_is_tried_again_by_one_caller_after_a_pause(
    settings: Settings, house: House
) -> None:
    expire(settings)
    house.answer = PlainTextResponse("busy", 503)
    house.let_go.set()
    clock = [datetime(2026, 10, 12, 7, 0, tzinfo=UTC)]

    async def story() -> list[int]:
        async with http.client() as client:
            path = settings.secrets_dir / "zalo_token.json"
            keeper = TokenKeeper(
                client, settings.gateway_url, ("a", "s"), path, wait_s=10.0, now=lambda: clock[0]
            )
            asked = []
            for later_s in (0, 1, 3, 1, 8, 3600):
                clock[0] += timedelta(seconds=later_s)
                answers = await asyncio.gather(*(keeper.get() for _ in range(9)))
                assert all(isinstance(answer, Sent) and answer.answer is Answer.AWAY for answer in answers)
                asked.append(len(house.asked))
            return asked

    # Tried at 0 s; again only after 4 s, then 8 s, and each time once for nine callers.
    assert asyncio.run(story()) == [1, 1, 2, 2, 3, 4]


def test_a_token_that_could_not_be_written_is_written_when_the_process_ends(
    settings: Settings, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings.model_copy(update={"token_wait_s": 10.0})
    expire(settings)
    house.let_go.set()
    write, full = TokenKeeper._write, [True]

    def on_a_full_disk(own: TokenKeeper, new: Any) -> None:
        if full:
            full.pop()
            raise OSError(28, "No space left on device")
        write(own, new)

    monkeypatch.setattr(TokenKeeper, "_write", on_a_full_disk)
    sent = with_sender(settings, lambda sender: sender.send(order(settings)))

    assert sent.answer is Answer.AWAY
    assert tokens(settings)["refresh_token"] == "r-new"
    assert "zalo_token_not_written" in events(settings)


def test_an_answer_that_drips_for_ever_is_a_doubt_after_the_channels_own_limit(settings: Settings) -> None:
    """The client counts each read alone; the whole of an answer has a limit too."""
    let_go = threading.Event()

    class Drips(Response):
        async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while not let_go.is_set():
                await send({"type": "http.response.body", "body": b" ", "more_body": True})
                await asyncio.to_thread(let_go.wait, 0.02)
            await send({"type": "http.response.body", "body": b"{}"})

    async def drip(_request: Request) -> Response:
        return Drips()

    app = Starlette(routes=[Route("/{rest:path}", drip, methods=["POST"])])
    with serving(app, settings.gateway_port) as address:

        async def story() -> Any:
            async with httpx.AsyncClient(timeout=5.0) as client:
                return await http.ask(client, address, within_s=0.2)

        answer = asyncio.run(story())
        let_go.set()

    assert isinstance(answer, Sent)
    assert (answer.answer, answer.code) == (Answer.DOUBT, "TimeoutError")
