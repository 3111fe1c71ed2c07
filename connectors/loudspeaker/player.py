"""The player at a loudspeaker, over HTTP. The contract is ours, for no vendor publishes one:

    POST URL         Idempotency-Key: KEY, Content-Type: audio/mpeg or audio/wav, the sound
        200 {"state": "queued" | "playing" | "played"}; the same KEY again: the same answer, and it is not played again
    GET URL/KEY      200 {"state": "queued" | "playing" | "played" | "failed", "heard_db": 14.2 | null}; 404: never heard of it
        heard_db: how far its microphone rose above what it heard before, null where it has none

Authorization: Bearer SECRET goes with both where VAR/secrets/loudspeakers.json has one under the loudspeaker's id.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import httpx

from connectors import http
from models.alerting.playing import Looked, PlayerState
from models.alerting.sending import Answer, Sent
from models.commune.loudspeakers import PLAYERS, Loudspeaker

if TYPE_CHECKING:
    from connectors.loudspeaker.voice import Speech
    from connectors.settings import Settings

SECRETS = "loudspeakers.json"
TAKEN = (PlayerState.QUEUED, PlayerState.PLAYING, PlayerState.PLAYED)


class Player:
    """One loudspeaker's player."""

    def __init__(self, own: Loudspeaker, address: str, secret: str | None, within_s: float) -> None:
        self._row, self._address, self._within_s = PLAYERS[own.player], address, within_s
        self._headers = {} if secret is None else {"authorization": f"Bearer {secret}"}
        self._client = http.client()

    @property
    def knows_key(self) -> bool:
        """Whether a repeated key is played once, and its state can be asked for."""
        return self._row.knows_key

    async def play(self, key: str, speech: Speech) -> Sent:
        """Ask it to play; never raises for what the player or the network does."""
        sound = await asyncio.to_thread(speech.mp3 if self._row.content == "audio/mpeg" else speech.wav)
        headers = self._headers | {"idempotency-key": key, "content-type": self._row.content}
        answer = await http.ask(
            self._client, self._address, within_s=self._within_s, content=sound, headers=headers
        )
        if isinstance(answer, Sent):
            return answer
        state = _state(answer.get("state"))
        if state in TAKEN:
            return Sent(Answer.SENT, "200", "", message=str(state))
        if state is PlayerState.FAILED:
            return Sent(Answer.RETRY, "200", "hộp loa báo hỏng (the player failed)")
        return Sent(Answer.DOUBT, "200", "câu trả lời không đọc được (answer unreadable)")

    async def look(self, key: str) -> Looked | None:
        """What it says of a key; None: no answer that can be read."""
        try:
            async with asyncio.timeout(self._within_s):
                answer = await self._client.get(f"{self._address}/{key}", headers=self._headers)
            if answer.status_code == httpx.codes.NOT_FOUND:
                return Looked(None)
            found: Any = answer.json() if answer.is_success else {}
        except (TimeoutError, httpx.HTTPError, ValueError):
            return None
        told = found if isinstance(found, dict) else {}
        state = _state(told.get("state"))
        return None if state is None else Looked(state, _decibels(told.get("heard_db")))

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def _state(word: object) -> PlayerState | None:
    return next((state for state in PlayerState if state == word), None)


def _decibels(value: object) -> float | None:
    told = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if told else None  # type: ignore[arg-type]


def open_players(settings: Settings, loudspeakers: list[Loudspeaker]) -> dict[str, Player]:
    """By id. Where the settings name a server that stands in for the players, each is BASE/ID of it."""
    path, base = settings.secrets_dir / SECRETS, settings.players
    secrets = http.secret(path) if path.exists() else {}
    return {
        one.id: Player(
            one,
            one.url if base is None else f"{base}/{one.id}",
            None if one.id not in secrets else str(secrets[one.id]),
            settings.answer_wait_s,
        )
        for one in loudspeakers
    }
