"""A message that a person sent to us, by whichever way it came."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Annotated

import msgspec

from models.alerting.phone import phone
from models.envelope.reading import SCHEMA_VERSION, Zoned

if TYPE_CHECKING:
    from datetime import datetime

LONGEST = 160
"""Characters that are kept of a text: an answer has three."""
LONGEST_KEY = 200
_NUMBER = re.compile(r"(?<!\d)(?:\+?84|0084|0)(?:[\W_]{0,3}\d){8,10}(?!\d)")
"""As long as a number, however it is parted; whether it is one says `phone`."""


class Incoming(msgspec.Struct, frozen=True, gc=False):
    """Topic `replies`: `source` is the way by which it came, `key` the service's own id behind it, the same at every repetition.

    `contact` is the id of who sent it, found by the number or the account at the door: neither goes further than that. It is empty
    for a stranger, and so is then `text`. `at` is the platform's time at which it was sent.
    """

    v: int
    source: str
    seq: int
    at: Zoned
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_KEY)]
    contact: str
    text: Annotated[str, msgspec.Meta(max_length=LONGEST)]


def incoming(source: str, message: str, contact: str, text: str, at: datetime) -> Incoming:
    r"""A message as it goes onto the topic; `message` is the service's own id of it. A number that the person wrote is left out.

    >>> from datetime import UTC, datetime
    >>> found = incoming("zalo", "cb31", "an", "12\n1" + chr(0), datetime(2025, 11, 1, tzinfo=UTC))
    >>> found.key, found.text
    ('zalo:cb31', '12 1')
    """
    plain = "".join(one for one in " ".join(text.split()) if one.isprintable()) if contact else ""
    plain = _NUMBER.sub(_masked, unicodedata.normalize("NFKC", plain))[:LONGEST]
    return Incoming(SCHEMA_VERSION, source, 0, at, f"{source}:{message}"[:LONGEST_KEY], contact, plain)


def _masked(found: re.Match[str]) -> str:
    """Slashes and the like part figures of one number as blanks do."""
    return "x" if phone(re.sub(r"[\W_]", " ", found[0])) else found[0]
