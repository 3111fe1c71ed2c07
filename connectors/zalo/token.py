"""Zalo's access token: 25 hours; each refresh token serves once and brings the next.

The new pair is written, durably, before it is used: a refresh token that is lost can only be
replaced by a person who signs in.
"""

from __future__ import annotations

import asyncio
import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from connectors import clock, http
from models.alerting.sending import Answer, Sent
from models.telemetry.reading import Zoned

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

PATH = "/v4/oa/access_token"
EARLY = timedelta(minutes=10)
"""Refresh so long before the end."""
LIFE, LONGEST_LIFE_S = timedelta(hours=1), 90 * 86_400
"""The life of a token whose answer names none that can be read; the longest that is believed."""


class Tokens(msgspec.Struct, frozen=True):
    """The file zalo_token.json."""

    access_token: str
    refresh_token: str
    expires_at: Zoned

    def __repr__(self) -> str:
        """Without the tokens."""
        return f"Tokens(expires_at={self.expires_at.isoformat()})"


class TokenKeeper:
    """Gives a valid access token; one refresh at a time."""

    def __init__(self, own: httpx.AsyncClient, base: str, app: tuple[str, str], path: Path) -> None:
        """`app` is (app_id, secret_key); `path` the file of the tokens."""
        self._client, self._url, self._app, self._path = own, base.rstrip("/") + PATH, app, path
        self._tokens = msgspec.json.decode(path.read_bytes(), type=Tokens)
        self._unwritten: Tokens | None = None
        self._lock = asyncio.Lock()

    async def get(self, *, refused: str | None = None) -> str | Sent:
        """A token; a Sent that says why there is none. `refused` is one that Zalo did not take."""
        async with self._lock:
            if self._unwritten is not None:
                return self._keep(self._unwritten)
            # Whoever waited for the lock finds the new token here.
            if not self._serves(refused):
                # A person may have signed in again since.
                self._tokens = self._on_disk() or self._tokens
            return self._tokens.access_token if self._serves(refused) else await self._refresh()

    def _serves(self, refused: str | None) -> bool:
        return refused != self._tokens.access_token and clock.system() < self._tokens.expires_at - EARLY

    def _on_disk(self) -> Tokens | None:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Tokens)
        except (OSError, ValueError):
            # Half written by hand: what is in memory still counts.
            return None

    async def _refresh(self) -> str | Sent:
        app_id, secret_key = self._app
        form = {"refresh_token": self._tokens.refresh_token, "app_id": app_id, "grant_type": "refresh_token"}
        answer = await http.ask(self._client, self._url, data=form, headers={"secret_key": secret_key})
        if isinstance(answer, Sent):
            return answer
        try:
            access, following = str(answer["access_token"]), str(answer["refresh_token"])
        except KeyError:
            code = str(answer.get("error", ""))
            return Sent(
                Answer.REFUSED,
                code,
                "không làm mới được mã Zalo; đăng nhập lại (token not refreshed; sign in again)",
            )
        return self._keep(Tokens(access, following, clock.system() + _life(answer.get("expires_in"))))

    def _keep(self, tokens: Tokens) -> str | Sent:
        """Write the pair, then use it; while the disk takes nothing it waits in memory, unused."""
        self._unwritten = tokens
        try:
            self._write(tokens)
        except OSError as error:
            reason = "không ghi được mã Zalo xuống đĩa (token not written to the disk)"
            return Sent(Answer.RETRY, type(error).__name__, reason)
        self._tokens, self._unwritten = tokens, None
        return tokens.access_token

    def _write(self, tokens: Tokens) -> None:
        """Whole or not at all, and on the disk."""
        part = self._path.with_suffix(".part")
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump(msgspec.to_builtins(tokens), file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _life(given: object) -> timedelta:
    """Zalo's "90000", seconds in a string as the documents show it.

    The pair counts even when this does not: the refresh token before it has been used up.
    """
    try:
        seconds = int(str(given))
    except ValueError:
        return LIFE
    return timedelta(seconds=seconds) if 0 < seconds <= LONGEST_LIFE_S else LIFE
