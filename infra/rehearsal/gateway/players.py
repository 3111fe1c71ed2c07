"""The players at the loudspeakers, as connectors/loudspeaker/player.py writes down their contract; the sound is kept to be listened to."""

from __future__ import annotations

import asyncio
import io
import re
import time
import wave
from typing import TYPE_CHECKING

import av
import msgspec
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from connectors import http
from connectors.loudspeaker.player import SECRETS
from models.commune.loudspeakers import PLAYERS

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from infra.rehearsal.gateway.faults import Chance
    from models.commune.configuration import Commune
    from models.commune.loudspeakers import Loudspeaker

KEY = re.compile(r"^[0-9a-f]{8,64}$")
SUFFIX = {"audio/mpeg": "mp3", "audio/wav": "wav"}
HEARD_DB = 18.0
"""What the microphones hear above what they heard before."""


class Kept(msgspec.Struct):
    """A sound that a player took at `taken_at`, s since 1970; `asked`: how often it was asked for, `played`: how often it played."""

    loudspeaker: str
    key: str
    seconds: float
    taken_at: float
    file: str
    asked: int = 1
    played: int = 1


class Players:
    """All players of the commune; what they took lies in `folder`, and a restart forgets nothing."""

    def __init__(self, folder: Path, secrets: Path, commune: Commune, chance: Chance) -> None:
        self._folder, self._secrets, self._chance = folder, secrets / SECRETS, chance
        self._known = {one.id: one for one in commune.loudspeakers}

    def routes(self) -> list[Route]:
        """The contract, and for tests all that was taken."""
        return [
            Route("/players/{id}", self._play, methods=["POST"]),
            Route("/players/{id}/{key}", self._look),
            Route("/_players", self._all),
        ]

    async def _play(self, request: Request) -> Response:
        own, refused = self._admitted(request)
        key, content = request.headers.get("idempotency-key", ""), request.headers.get("content-type", "")
        if own is None or refused is not None:
            return refused or PlainTextResponse("no such player", 404)
        if KEY.match(key) is None:
            return PlainTextResponse("expected an Idempotency-Key of 8 to 64 hex digits", 400)
        if content != PLAYERS[own.player].content:
            return PlainTextResponse(f"expected {PLAYERS[own.player].content}", 415)
        sound = await request.body()
        try:
            seconds = _seconds(sound, content)
        except (wave.Error, EOFError, av.FFmpegError) as error:
            return PlainTextResponse(f"no sound: {error}", 400)
        if self._chance.hits(self._chance.faults.busy):
            return PlainTextResponse("busy", 503)
        kept = self._keep(own, key, seconds, sound, SUFFIX[content])
        await self._delay()
        if self._chance.hits(self._chance.faults.drop_answer):
            return PlainTextResponse("bad gateway", 502)
        return JSONResponse({"state": self._state(kept)})

    async def _delay(self) -> None:
        """As long as the faults say; who takes the fault back ends it."""
        until = time.monotonic() + self._chance.faults.delay_s
        while self._chance.faults.delay_s and time.monotonic() < until:  # noqa: ASYNC110 (faults are a value, no event)
            await asyncio.sleep(0.05)

    def _keep(self, own: Loudspeaker, key: str, seconds: float, sound: bytes, suffix: str) -> Kept:
        known = self._read(own.id, key)
        if known is None:
            kept = Kept(own.id, key, seconds, time.time(), f"{key}.{suffix}")
        else:
            kept = known
            kept.asked += 1
            # Who knows no key plays what comes.
            kept.played += not PLAYERS[own.player].knows_key
        folder = self._folder / own.id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / kept.file).write_bytes(sound)
        (folder / f"{key}.json").write_bytes(msgspec.json.encode(kept))
        return kept

    async def _look(self, request: Request) -> Response:
        own, refused = self._admitted(request)
        if own is None or refused is not None:
            return refused or PlainTextResponse("no such player", 404)
        kept = self._read(own.id, request.path_params["key"])
        if kept is None or not PLAYERS[own.player].knows_key:
            return PlainTextResponse("never heard of it", 404)
        state = self._state(kept)
        return JSONResponse({"state": state, "heard_db": HEARD_DB if state == "played" else None})

    async def _all(self, _request: Request) -> Response:
        kept = [msgspec.json.decode(path.read_bytes()) for path in sorted(self._folder.glob("*/*.json"))]
        return JSONResponse(kept)

    def _state(self, kept: Kept) -> str:
        return (
            "played"
            if time.time() - kept.taken_at >= kept.seconds * self._chance.faults.play_share
            else "playing"
        )

    def _read(self, loudspeaker: str, key: str) -> Kept | None:
        path = self._folder / loudspeaker / f"{key}.json"
        if KEY.match(key) is None or not path.exists():
            return None
        return msgspec.json.decode(path.read_bytes(), type=Kept)

    def _admitted(self, request: Request) -> tuple[Loudspeaker | None, Response | None]:
        """The loudspeaker that is called; a refusal where its secret is not told."""
        own = self._known.get(request.path_params["id"])
        secret = (
            http.secret(self._secrets).get(own.id) if own is not None and self._secrets.exists() else None
        )
        if secret is not None and request.headers.get("authorization") != f"Bearer {secret}":
            return own, PlainTextResponse("who are you", 401)
        return own, None


def _seconds(sound: bytes, content: str) -> float:
    """How long it takes; raises what the reader raises where it is no sound of that kind."""
    if content == "audio/wav":
        with wave.open(io.BytesIO(sound), "rb") as file:
            return float(file.getnframes() / file.getframerate())
    with av.open(io.BytesIO(sound), "r", format="mp3") as packed:
        return float(sum(frame.samples / frame.sample_rate for frame in packed.decode(audio=0)))
