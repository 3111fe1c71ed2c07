"""Zalo's access token: 25 hours; each refresh token serves once and brings the next.

The new pair is written, durably, before it is used: a refresh token that is lost can only be
replaced by a person who signs in.
"""

from __future__ import annotations

import asyncio
import json
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from connectors import clock, http
from models.alerting.sending import Answer, Sent

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

PATH = "/v4/oa/access_token"
EARLY = timedelta(minutes=10)
"""Refresh so long before the end."""


class Tokens(msgspec.Struct, frozen=True):
    """The file zalo_token.json."""

    access_token: str
    refresh_token: str
    expires_at: datetime

    def __repr__(self) -> str:
        """Without the tokens."""
        return f"Tokens(expires_at={self.expires_at.isoformat()})"


class TokenKeeper:
    """Gives a valid access token; one refresh at a time."""

    def __init__(self, own: httpx.AsyncClient, base: str, app: tuple[str, str], path: Path) -> None:
        """`app` is (app_id, secret_key); `path` the file of the tokens."""
        self._client, self._url, self._app, self._path = own, base.rstrip("/") + PATH, app, path
        self._tokens = msgspec.json.decode(path.read_bytes(), type=Tokens)
        self._lock = asyncio.Lock()

    async def get(self, *, refused: str | None = None) -> str | Sent:
        """A token; a Sent that says why there is none. `refused` is one that Zalo did not take."""
        async with self._lock:
            # Whoever waited for the lock finds the new token here.
            stale = refused is not None and refused == self._tokens.access_token
            if not stale and clock.system() < self._tokens.expires_at - EARLY:
                return self._tokens.access_token
            return await self._refresh()

    async def _refresh(self) -> str | Sent:
        app_id, secret_key = self._app
        form = {"refresh_token": self._tokens.refresh_token, "app_id": app_id, "grant_type": "refresh_token"}
        answer = await http.ask(self._client, self._url, data=form, headers={"secret_key": secret_key})
        if isinstance(answer, Sent):
            return answer
        try:
            # "90000": a string, as the documents show it.
            life = timedelta(seconds=int(answer["expires_in"]))
            tokens = Tokens(str(answer["access_token"]), str(answer["refresh_token"]), clock.system() + life)
        except (KeyError, ValueError):
            code = str(answer.get("error", ""))
            return Sent(
                Answer.REFUSED,
                code,
                "không làm mới được mã Zalo; đăng nhập lại (token not refreshed; sign in again)",
            )
        self._write(tokens)
        self._tokens = tokens
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
