"""The ways to a phone as the delivery uses them: each is found in the folder of its code, connectors/<code>/way.py.

Which there are says models/catalogue/channels.py. A way's folder holds all that is its own: the client, the callback by which
its service tells what became of a message, and the row `WAY`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar, runtime_checkable

import structlog

from models.alerting.sending import Answer, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from asyncio import Event
    from datetime import datetime

    from connectors.settings import Settings
    from connectors.webhook.server import Parse, Take


log = structlog.get_logger(__name__)

Part = TypeVar("Part")


class Receipts(NamedTuple):
    """Where the service tells what became of a message: `name` as refused calls are kept under, our path, who reads a call."""

    name: str
    path: str
    parse: Parse


class Credential(NamedTuple):
    """What lets us send and ends: `ends` says when, None where there is none; `file` in the folder of secrets; what to do, vi and en."""

    ends: Callable[[Settings], datetime | None]
    file: str
    vi: str
    en: str


class Way(NamedTuple):
    """`open_sender` reads settings and secret files and opens the connections; `receipts` reads the secret files.

    `incoming`: what a person writes to answer a message of this way, and to which number (models/alerting/codes.py); None where the
    account cannot be answered.
    `receipts` None: the service tells nothing afterwards. What it took goes the contact's next way when the wait for a receipt is
    over, so that such a way is a contact's last, or stands beside the others for what is lost without harm.
    `replies`: where the service hands on what people send to us, if by a call of its own; it says None for an account without.
    """

    open_sender: Callable[[Settings], Sender]
    receipts: Callable[[Settings], Receipts] | None = None
    credential: Credential | None = None
    incoming: Callable[[Settings], str | None] | None = None
    replies: Callable[[Settings], Receipts | None] | None = None


def way(channel: Channel) -> Way:
    """The way of a channel."""
    found = import_module(f"connectors.{channel}.way").WAY
    if not isinstance(found, Way):
        msg = f"connectors/{channel}/way.py: WAY is no Way"
        raise TypeError(msg)
    return found


def answer_patterns(settings: Settings) -> dict[str, str]:
    """By channel, how a message of it is answered; a channel that cannot be answered, or whose pattern cannot be used, is left out.

    A wrong pattern is told in the log and by nothing else: messages go out all the same.
    """
    found: dict[str, str] = {}
    for channel in CHANNELS:
        incoming = way(channel).incoming
        if incoming is None or not settings.sends_by(channel):
            continue
        try:
            pattern = incoming(settings)
        except (OSError, ValueError) as error:
            log.warning("answer_pattern_not_read", channel=str(channel), why=str(error))
            continue
        if pattern is not None:
            found[str(channel)] = pattern
    return found


@runtime_checkable
class Listens(Protocol):
    """A sender that hears people without being called."""

    async def listen(self, put: Take, stopping: Event) -> None:
        """Give what people send to `put`, which returns when it is kept, until stopped."""


class Closed:
    """A channel that this installation does not have yet: refuses, so that the next way is taken."""

    idempotent = True

    async def send(self, _order: Order) -> Sent:
        """Refused, by name."""
        return Sent(Answer.REFUSED, "no-gateway", "kênh này chưa có cổng (no gateway for this channel)")

    async def close(self) -> None:
        """Nothing is open."""


def open_senders(settings: Settings) -> dict[str, Sender]:
    """A sender for each channel: all real, or all local; beside a real gateway the simulator would claim to have delivered.

    A way whose service is named must have its secret files: FileNotFoundError names the one that is missing. Nobody else needs
    them.
    """
    senders = {str(channel): _opened(settings, channel, way(channel).open_sender) for channel in CHANNELS}
    return {channel: Closed() if sender is None else sender for channel, sender in senders.items()}


def open_receipts(settings: Settings) -> list[Receipts]:
    """Where the services of the ways that this installation has tell what became of a message."""
    return _all_opened(settings, {channel: way(channel).receipts for channel in CHANNELS})


def open_replies(settings: Settings) -> list[Receipts]:
    """Where services hand on what people send to us."""
    return _all_opened(settings, {channel: way(channel).replies for channel in CHANNELS})


def _all_opened(
    settings: Settings, parts: Mapping[Channel, Callable[[Settings], Receipts | None] | None]
) -> list[Receipts]:
    opened = (_opened(settings, channel, part) for channel, part in parts.items() if part is not None)
    return [one for one in opened if one is not None]


def _opened(settings: Settings, channel: Channel, part: Callable[[Settings], Part]) -> Part | None:
    """None where this installation has no such way."""
    if not settings.sends_by(channel):
        return None
    try:
        return part(settings)
    except FileNotFoundError:
        # A copy with the local gateway whose secret files were made before there was this way: `phusa up` makes it.
        if not settings.gateway_is_local:
            raise
        return None
