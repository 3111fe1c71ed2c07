"""The player at a loudspeaker: its contract, held by our client and the simulated players over real HTTP."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import av
import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from connectors import commune as files
from connectors.loudspeaker.player import Player, open_players
from connectors.loudspeaker.voice import Speech, voice
from connectors.settings import Settings
from models.alerting.playing import Looked, PlayerState
from models.alerting.sending import Answer, Sent
from models.commune.loudspeakers import PLAYERS, Loudspeaker
from models.commune.loudspeakers import Player as Kind
from tests.gateways import HANG_S, faults, serving

KEY = "0123456789abcdef" * 2
LA_VAN_HA, PHUOC_YEN = "loa-la-van-ha", "loa-phuoc-yen"
SPEECH = voice().speak("Bà con chú ý.")


def ask(settings: Settings, work: Callable[[dict[str, Player]], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        players = open_players(settings, files.load(settings.commune).loudspeakers)
        try:
            return await work(players)
        finally:
            for one in players.values():
                await one.close()

    return asyncio.run(inside())


def play(settings: Settings, name: str = LA_VAN_HA, key: str = KEY, speech: Speech = SPEECH) -> Sent:
    found: Sent = ask(settings, lambda players: players[name].play(key, speech))
    return found


def look(settings: Settings, name: str = LA_VAN_HA, key: str = KEY) -> Looked | None:
    found: Looked | None = ask(settings, lambda players: players[name].look(key))
    return found


def kept(address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx.get(f"{address}/_players", timeout=HANG_S).json()
    return found


@pytest.mark.parametrize(("name", "suffix"), [(LA_VAN_HA, "mp3"), (PHUOC_YEN, "wav")])
def test_a_player_takes_the_sound_in_its_own_format_and_keeps_it(
    settings: Settings, address: str, name: str, suffix: str
) -> None:
    sent = play(settings, name)
    (one,) = kept(address)
    sound = (settings.var / "gateway" / "players" / name / one["file"]).read_bytes()

    assert sent.answer is Answer.SENT
    assert one["file"].endswith(suffix)
    assert one["seconds"] == pytest.approx(SPEECH.seconds, abs=0.2)
    with av.open(io.BytesIO(sound)) as packed:
        assert len(list(packed.decode(audio=0))) > 1


def test_a_repeated_key_is_played_once(settings: Settings, address: str) -> None:
    assert [play(settings).answer for _ in range(3)] == [Answer.SENT] * 3
    (one,) = kept(address)

    assert (one["asked"], one["played"]) == (3, 1)


def test_it_says_that_it_plays_and_then_that_it_was_heard(settings: Settings, address: str) -> None:
    play(settings)
    before = look(settings)
    faults(address, play_share=0.0)

    assert before == Looked(PlayerState.PLAYING)
    assert look(settings) == Looked(PlayerState.PLAYED, 18.0)


def test_of_a_key_that_it_never_got_it_knows_nothing(settings: Settings, address: str) -> None:
    assert address
    assert look(settings, key="f" * 32) == Looked(None)


def test_no_player_means_again_later_and_no_answer_to_a_look(settings: Settings) -> None:
    assert play(settings).answer is Answer.RETRY
    assert look(settings) is None


def test_a_busy_player_has_not_taken_it(settings: Settings, address: str) -> None:
    faults(address, busy=1.0)

    assert play(settings).answer is Answer.RETRY
    assert kept(address) == []


def test_a_lost_answer_is_a_doubt_and_the_key_settles_it(settings: Settings, address: str) -> None:
    faults(address, drop_answer=1.0)
    lost = play(settings)
    faults(address)
    again = play(settings)

    assert (lost.answer, again.answer) == (Answer.DOUBT, Answer.SENT)
    assert kept(address)[0]["played"] == 1


@pytest.mark.parametrize("secret", ["other", None], ids=["another secret", "no secret"])
def test_who_does_not_know_the_secret_is_refused(
    settings: Settings, address: str, secret: str | None
) -> None:
    one = files.load(settings.commune).loudspeakers[0]
    own = Player(one, f"{address}/players/{one.id}", secret, 10.0)

    async def inside() -> Sent:
        try:
            return await own.play(KEY, SPEECH)
        finally:
            await own.close()

    assert asyncio.run(inside()).answer is Answer.STOPPED
    assert kept(address) == []


REFUSED = {
    "no such loudspeaker": ("x", {}, b"", 404),
    "no key": (PHUOC_YEN, {"content-type": "audio/wav"}, SPEECH.wav(), 400),
    "a key that leads elsewhere": (
        PHUOC_YEN,
        {"idempotency-key": "../../x", "content-type": "audio/wav"},
        SPEECH.wav(),
        400,
    ),
    "another format": (PHUOC_YEN, {"idempotency-key": KEY, "content-type": "audio/mpeg"}, SPEECH.mp3(), 415),
    "no sound": (PHUOC_YEN, {"idempotency-key": KEY, "content-type": "audio/wav"}, b"RIFF", 400),
    "no sound of a WAV's name": (
        PHUOC_YEN,
        {"idempotency-key": KEY, "content-type": "audio/wav"},
        b"<html>",
        400,
    ),
    "no sound of an MP3's name": (
        LA_VAN_HA,
        {"idempotency-key": KEY, "content-type": "audio/mpeg"},
        b"<html>",
        400,
    ),
}


@pytest.mark.parametrize(("name", "headers", "body", "status"), REFUSED.values(), ids=REFUSED)
def test_the_simulated_player_refuses_what_is_none(
    settings: Settings, address: str, name: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    secrets = json.loads((settings.secrets_dir / "loudspeakers.json").read_text(encoding="utf-8"))
    own = {"authorization": f"Bearer {secrets.get(name)}"} | headers
    answer = httpx.post(f"{address}/players/{name}", headers=own, content=body, timeout=HANG_S)

    assert answer.status_code == status
    assert kept(address) == []


ODD: dict[str, tuple[Response, Answer]] = {
    "200 with an error inside": (JSONResponse({"error": "no"}), Answer.DOUBT),
    "200 that it failed": (JSONResponse({"state": "failed"}), Answer.RETRY),
    "a word that nobody knows": (JSONResponse({"state": "splendid"}), Answer.DOUBT),
    "no object": (JSONResponse(["queued"]), Answer.DOUBT),
    "a page of a proxy": (PlainTextResponse("<html>"), Answer.DOUBT),
    "not found": (PlainTextResponse("", 404), Answer.REFUSED),
}


@pytest.mark.parametrize(("answer", "means"), ODD.values(), ids=ODD)
def test_what_an_odd_answer_means(settings: Settings, answer: Response, means: Answer) -> None:
    async def odd(_request: object) -> Response:
        return answer

    one = Loudspeaker("loa", "Loa", ["x"], f"http://127.0.0.1:{settings.gateway_port}/play")
    with serving(Starlette(routes=[Route("/play", odd, methods=["POST"])]), settings.gateway_port):
        own = settings.model_copy(update={"gateways": {"sms": "http://127.0.0.1:1"}})

        async def inside() -> Sent:
            (player,) = open_players(own, [one]).values()
            try:
                return await player.play(KEY, SPEECH)
            finally:
                await player.close()

        assert asyncio.run(inside()).answer is means


TOLD: dict[str, tuple[Any, Looked | None]] = {
    "heard": ({"state": "played", "heard_db": 12}, Looked(PlayerState.PLAYED, 12.0)),
    "no microphone": ({"state": "played", "heard_db": None}, Looked(PlayerState.PLAYED)),
    "a level that is none": ({"state": "played", "heard_db": "loud"}, Looked(PlayerState.PLAYED)),
    "a truth is no level": ({"state": "played", "heard_db": True}, Looked(PlayerState.PLAYED)),
    "a word that nobody knows": ({"state": "splendid"}, None),
    "no object": (["played"], None),
}


@pytest.mark.parametrize(("told", "read"), TOLD.values(), ids=TOLD)
def test_what_a_player_tells_is_read(settings: Settings, told: Any, read: Looked | None) -> None:
    async def state(_request: object) -> Response:
        return JSONResponse(told)

    with serving(Starlette(routes=[Route("/players/{id}/{key}", state)]), settings.gateway_port):
        assert look(settings) == read


def test_beside_a_real_gateway_the_players_have_their_own_addresses(settings: Settings) -> None:
    real = settings.model_copy(update={"gateways": {"sms": "http://127.0.0.1:1"}})
    elsewhere = real.model_copy(update={"loudspeaker_server": "http://127.0.0.1:2"})

    assert settings.players == f"{settings.gateway_url}/players"
    assert real.players is None
    assert elsewhere.players == "http://127.0.0.1:2"


def test_every_kind_of_player_has_its_row() -> None:
    assert set(PLAYERS) == set(Kind)
