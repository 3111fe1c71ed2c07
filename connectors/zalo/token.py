"""Zalo's access token: 25 hours; each refresh token serves once and brings the next.

A refresh is a task of its own: no message waits for it longer than `wait_s`, and its answer is kept
however late it comes. The new pair is written, durably, before it is used: a refresh token that is
lost can only be replaced by a person who signs in.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeGuard

import httpx
import msgspec
import structlog

from connectors import clock, http
from connectors.zalo.lock import only_one
from models.alerting.sending import Answer, Sent
from models.envelope.reading import Zoned

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.clock import Now

PATH = "/v4/oa/access_token"
EARLY = timedelta(minutes=10)
"""Refresh so long before the end; until the end the old token serves, so nobody waits for the new one."""
LIFE, LONGEST_LIFE_S = timedelta(hours=1), 90 * 86_400
"""The life of a token whose answer names none that can be read; the longest that is believed."""
WAIT_S = 4.0
"""A message waits so long for a token; a refresh takes Zalo about one second."""
CONNECT_S = 3.0
"""And at least so long to be connected: what was never asked must be asked again later."""
ANSWER_S = 60.0
"""A refresh may take so long: an answer given up is a pair lost, so this is much longer than anybody waits."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(seconds=60)
"""Between two tries while none succeeds."""
SIGN_IN = "không làm mới được mã Zalo; đăng nhập lại (token not refreshed; sign in again)"
WITHOUT = "Zalo chưa cấp mã truy cập (no access token from Zalo yet)"


class Tokens(msgspec.Struct, frozen=True):
    """The file zalo_token.json."""

    access_token: str
    refresh_token: str
    expires_at: Zoned

    def __repr__(self) -> str:
        """Without the tokens."""
        return f"Tokens(expires_at={self.expires_at.isoformat()})"

    @property
    def mark(self) -> str:
        """Tells pairs apart in the audit log; nothing leads back from it to the token."""
        return hashlib.sha256(self.refresh_token.encode()).hexdigest()[:8]


class TokenKeeper:
    """Gives a valid access token; one refresh at a time, in all processes together.

    While a refresh has failed or is overdue the channel is down: one caller at a time tries again
    (after a pause), all others are told at once.
    """

    def __init__(
        self,
        own: httpx.AsyncClient,
        base: str,
        app: tuple[str, str],
        path: Path,
        *,
        wait_s: float = WAIT_S,
        answer_s: float = ANSWER_S,
        now: Now = clock.system,
        audit: Any = None,
    ) -> None:
        """`app` is (app_id, secret_key); `path` the file of the tokens; `audit` a logger of its own."""
        self._client, self._url, self._app, self._path = own, base.rstrip("/") + PATH, app, path
        self._wait_s, self._answer_s, self._now = wait_s, answer_s, now
        self._audit = structlog.get_logger(__name__) if audit is None else audit
        self._tokens = msgspec.json.decode(path.read_bytes(), type=Tokens)
        self._unwritten: Tokens | None = None
        self._refreshing: asyncio.Task[Sent | None] | None = None
        self._down: Sent | None = None
        self._again_at, self._pause = now(), FIRST_PAUSE

    async def get(self, *, refused: str | None = None) -> str | Sent:
        """A token; a Sent that says why there is none. `refused` is one that Zalo did not take."""
        if self._unwritten is not None and self._refreshing is None:
            self._keep(self._unwritten)
        if not self._fresh(refused) and self._refreshing is None:
            self._look_on_disk()
        if self._serves(refused):
            if not self._fresh(refused) and self._due:
                self._begin(refused)
            return self._tokens.access_token
        if self._down is not None and (self._refreshing is not None or not self._due):
            return self._down
        await asyncio.wait({self._begin(refused)}, timeout=self._wait_s)
        if self._serves(refused):
            return self._tokens.access_token
        if self._down is None:
            self._down = Sent(Answer.AWAY, "no-token", WITHOUT)
            self._audit.warning("zalo_token_overdue", pair=self._tokens.mark, waited_s=self._wait_s)
        return self._down

    async def settle(self) -> None:
        """Until a refresh under way has ended: its pair would be lost with the process."""
        if self._refreshing is not None:
            await asyncio.wait({self._refreshing})
        if self._unwritten is not None:
            self._keep(self._unwritten)

    def _serves(self, refused: str | None) -> bool:
        return refused != self._tokens.access_token and self._now() < self._tokens.expires_at

    def _fresh(self, refused: str | None) -> bool:
        return self._serves(refused) and self._now() < self._tokens.expires_at - EARLY

    @property
    def _due(self) -> bool:
        return self._refreshing is None and self._unwritten is None and self._now() >= self._again_at

    def _begin(self, refused: str | None) -> asyncio.Task[Sent | None]:
        """The refresh under way, or a new one; what it brings is kept whether somebody waits or not."""
        if self._refreshing is None:
            self._refreshing = asyncio.create_task(self._refreshed(refused))
        return self._refreshing

    async def _refreshed(self, refused: str | None) -> Sent | None:
        """None when there is a new pair; else why not, and when the next try is due."""
        try:
            with only_one(self._path.with_suffix(".lock")) as mine:
                why = await self._ask(refused) if mine else self._elsewhere()
        except OSError as error:
            why = Sent(Answer.AWAY, type(error).__name__, WITHOUT)
            self._audit.error("zalo_token_lock_failed", error=type(error).__name__)
        finally:
            self._refreshing = None
        self._down = why
        self._pause = FIRST_PAUSE if why is None else min(LONGEST_PAUSE, self._pause * 2)
        self._again_at = self._now() if why is None else self._now() + self._pause
        return why

    def _elsewhere(self) -> Sent:
        self._audit.info("zalo_token_refreshed_elsewhere", pair=self._tokens.mark)
        return Sent(Answer.AWAY, "locked", WITHOUT)

    async def _ask(self, refused: str | None) -> Sent | None:
        # Another process may have written a newer pair before it let go of the lock.
        self._look_on_disk()
        if self._fresh(refused):
            return None
        old, begun = self._tokens, self._now()
        app_id, secret_key = self._app
        form = {"refresh_token": old.refresh_token, "app_id": app_id, "grant_type": "refresh_token"}
        self._audit.info("zalo_token_asked", pair=old.mark)
        answer = await http.ask(
            self._client,
            self._url,
            within_s=self._answer_s,
            data=form,
            headers={"secret_key": secret_key},
            # A message waits less long than a connection may take on a busy machine: the refresh goes on without it.
            timeout=httpx.Timeout(self._answer_s, connect=max(self._wait_s, CONNECT_S)),
        )
        took_s = round((self._now() - begun).total_seconds(), 1)
        if isinstance(answer, Sent):
            self._audit.warning("zalo_token_not_answered", pair=old.mark, code=answer.code, took_s=took_s)
            return Sent(Answer.AWAY, answer.code, WITHOUT)
        new = _pair(answer, self._now())
        if isinstance(new, Sent):
            self._audit.error("zalo_token_bad_answer", pair=old.mark, code=new.code, took_s=took_s)
            return new
        late = took_s > self._wait_s
        self._audit.info("zalo_token_new", pair=new.mark, before=old.mark, took_s=took_s, late=late)
        return self._keep(new)

    def _look_on_disk(self) -> None:
        """A person may have signed in again since, or another process refreshed."""
        found = self._on_disk()
        if found is not None and found.refresh_token != self._tokens.refresh_token:
            self._audit.info("zalo_token_found_on_disk", pair=found.mark, before=self._tokens.mark)
            self._tokens, self._down, self._again_at = found, None, self._now()

    def _on_disk(self) -> Tokens | None:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Tokens)
        except (OSError, ValueError):
            # Half written by hand: what is in memory still counts.
            return None

    def _keep(self, tokens: Tokens) -> Sent | None:
        """Write the pair, then use it; while the disk takes nothing it waits in memory, unused."""
        self._unwritten = tokens
        try:
            self._write(tokens)
        except OSError as error:
            reason = "không ghi được mã Zalo xuống đĩa (token not written to the disk)"
            self._audit.error("zalo_token_not_written", pair=tokens.mark, error=type(error).__name__)
            self._down = Sent(Answer.AWAY, type(error).__name__, reason)
            return self._down
        self._audit.info("zalo_token_written", pair=tokens.mark, expires_at=tokens.expires_at.isoformat())
        self._tokens, self._unwritten, self._down = tokens, None, None
        return None

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


def _pair(answer: dict[str, Any], now: datetime) -> Tokens | Sent:
    """The new pair; a Sent where there is none: an error inside HTTP 200, tokens that are null or empty."""
    code = str(answer.get("error") or "")
    if code not in ("", "0"):
        return Sent(Answer.STOPPED, code, SIGN_IN)
    access, following = answer.get("access_token"), answer.get("refresh_token")
    if not (_usable(access) and _usable(following)):
        # Nothing says that the old pair was used up: it stays and is tried again.
        return Sent(Answer.AWAY, "no-token", WITHOUT)
    return Tokens(access, following, now + _life(answer.get("expires_in")))


def _usable(token: object) -> TypeGuard[str]:
    """A token that a header of HTTP can carry."""
    return isinstance(token, str) and token.isascii() and token.isprintable() and token.strip() != ""


def _life(given: object) -> timedelta:
    """Zalo's "90000", seconds in a string as the documents show it.

    The pair counts even when this does not: the refresh token before it has been used up.
    """
    try:
        seconds = int(str(given))
    except ValueError:
        return LIFE
    return timedelta(seconds=seconds) if 0 < seconds <= LONGEST_LIFE_S else LIFE
