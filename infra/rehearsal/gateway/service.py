"""What the simulated services share: each of them is the module of its channel's code beside this one.

Which there are says models/catalogue/channels.py. Such a module has a class `Service`: the routes of the service's HTTP contract,
its secrets, made up, and how it tells receipts.
"""

from __future__ import annotations

import asyncio
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from starlette.responses import JSONResponse, PlainTextResponse, Response

from connectors import http
from infra.rehearsal.gateway.archive import Archive, Taken
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    import httpx
    from starlette.routing import Route

    from connectors.settings import Settings
    from infra.rehearsal.gateway.faults import Chance


class Service(Protocol):
    """A service of messages as it documents itself, errors and receipts included."""

    def __init__(self, settings: Settings, intake: Intake) -> None: ...

    @staticmethod
    def secrets(settings: Settings, contacts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Secret files by name, made up, for a copy that has none; `contacts` by their ids."""

    def routes(self) -> list[Route]:
        """What the service answers."""

    async def tell(self, client: httpx.AsyncClient, taken: Taken, *, failed: bool) -> httpx.Response | None:
        """Tell the receipt of a message; None: of this the service tells nothing."""


@runtime_checkable
class Beside(Protocol):
    """A service that is not asked over HTTP: what runs beside the gateway's server."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Runs as long as the context is open."""


class Written(NamedTuple):
    """What a person writes on their phone; `id` is the service's own of it."""

    id: str
    contact: str
    phone: str
    text: str


@runtime_checkable
class Hears(Protocol):
    """A service that hands on what people write back."""

    async def hear(self, client: httpx.AsyncClient, written: Written) -> httpx.Response:
        """Call us as the service does."""


class Intake:
    """Takes messages of all services: one archive, one set of faults, one list of phones."""

    def __init__(self, folder: Path, archive: Archive, chance: Chance, wake: Callable[[], None]) -> None:
        """`folder` of secrets; `wake` is called when a receipt may be due."""
        self._archive, self._chance, self._wake = archive, chance, wake
        self.phones = frozenset(http.phones(folder).values())

    def fault(self, channel: Channel) -> str | int | None:
        """The code that the service shall answer now, if any."""
        return self._chance.code(channel)

    async def known(self, channel: Channel, key: str) -> int | None:
        """The message that a key was given; looked for after the delay, so that two calls under way at once are still one message."""
        await self.wait()
        return self._archive.known(channel, key)

    async def wait(self) -> None:
        """As long as the faults say."""
        await asyncio.sleep(self._chance.faults.delay_s)

    @property
    def busy(self) -> bool:
        """Whether the service takes nothing now, as the faults say; each look is a throw of the dice."""
        return self._chance.hits(self._chance.faults.busy)

    @property
    def loses_answer(self) -> bool:
        """Whether the answer to a message that was taken is lost."""
        return self._chance.hits(self._chance.faults.drop_answer)

    def keep(self, taken: Taken) -> int:
        """Keep a message; returns its id."""
        chance, faults = self._chance, self._chance.faults
        due = None if chance.hits(faults.no_receipt) else time.time() + faults.receipt_delay_s
        message = self._archive.take(taken, due)
        self._wake()
        return message

    def take(self, taken: Taken, answer: Callable[[int], dict[str, Any]]) -> Response:
        """Keep a message and answer with what `answer` makes of its id; busy, or a lost answer, as the faults say."""
        if self.busy:
            return PlainTextResponse("busy", 503)
        message = self.keep(taken)
        if self.loses_answer:
            return PlainTextResponse("bad gateway", 502)
        return JSONResponse(answer(message))


def new(
    channel: Channel,
    key: str,
    phone: str,
    text: str,
    *,
    callback: str = "",
    fields: dict[str, str] | None = None,
) -> Taken:
    """A message that comes now."""
    return Taken(0, channel, key, phone, text, time.time(), 1, callback, fields or {}, None)


def services() -> dict[Channel, type[Service]]:
    """The simulated service of each channel."""
    package = __name__.rpartition(".")[0]
    return {channel: import_module(f"{package}.{channel}").Service for channel in CHANNELS}
