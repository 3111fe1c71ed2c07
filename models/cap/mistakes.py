"""What is wrong with a CAP message although it may fit the schema: names, dates, references, areas.

The schema of OASIS knows order, words and the shape of a date; these are the rules of its text (CAP 1.2, section 3.2) and our own: a
message runs out after it is sent, and every one says until when.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from models.cap.message import MsgType
from models.cap.names import SENDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.cap.message import Area, Info, Message

LEAST_RING = 4
_SENDER = re.compile(SENDER)


def mistakes(message: Message, earlier: Sequence[Message] = ()) -> list[str]:
    """All that is wrong, each with the element's name; `earlier` are the messages that it may refer to."""
    found = [*_names(message), *_references(message, earlier)]
    if not message.infos:
        found.append("info: none")
    for info in message.infos:
        found += [f"info {info.language}: {wrong}" for wrong in (*_dates(message, info), *_texts(info))]
        found += [f"area: {wrong}" for wrong in _area(info.area)]
    return found


def _names(message: Message) -> Iterator[str]:
    for element, text in (("identifier", message.identifier), ("sender", message.sender)):
        if _SENDER.match(text) is None:
            yield f"{element}: {text!r} is empty or has a space, a comma, < or &"


def _dates(message: Message, info: Info) -> Iterator[str]:
    named = {"effective": info.effective, "onset": info.onset, "expires": info.expires, "sent": message.sent}
    for element, at in named.items():
        if at.utcoffset() is None:
            yield f"{element}: {at.isoformat()} has no offset"
            return
    if info.expires <= message.sent:
        yield f"expires: {info.expires.isoformat()} is not after sent, {message.sent.isoformat()}"
    if info.effective > info.expires:
        yield f"effective: {info.effective.isoformat()} is after expires, {info.expires.isoformat()}"
    if info.onset > info.expires:
        yield f"onset: {info.onset.isoformat()} is after expires, {info.expires.isoformat()}"


def _texts(info: Info) -> Iterator[str]:
    for element, text in (
        ("event", info.event),
        ("headline", info.headline),
        ("description", info.description),
        ("instruction", info.instruction),
    ):
        if not text.strip():
            yield f"{element}: empty"


def _references(message: Message, earlier: Sequence[Message]) -> Iterator[str]:
    if message.type is MsgType.ALERT:
        if message.references:
            yield "references: an Alert begins and refers to nothing"
        return
    if not message.references:
        yield f"references: missing of {message.type}"
    known = {(one.sender, one.identifier, one.sent) for one in earlier}
    for sender, name, sent in message.references:
        if sent > message.sent:
            yield f"references: {name} was sent later"
        if earlier and (sender, name, sent) not in known:
            yield f"references: nobody sent {sender},{name},{sent.isoformat()}"


def _area(area: Area) -> Iterator[str]:
    if not area.words.strip():
        yield "areaDesc: empty"
    for ring in area.polygons:
        if len(ring) < LEAST_RING or ring[0] != ring[-1]:
            yield f"polygon: {len(ring)} points, at least {LEAST_RING} whose last is the first"
        if any(abs(latitude) > 90 or abs(longitude) > 180 for latitude, longitude in ring):
            yield "polygon: not latitude, longitude in degrees"
        if any(one == other for one, other in pairwise(ring)):
            yield "polygon: a point that stands twice in a row"
