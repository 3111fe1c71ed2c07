"""Links to the phone page: signed, expiring, short enough for an SMS.

A token of 23 letters and digits carries 136 bits: the event's number, a mark of the contact, the hour at which it ends, and 80 bits of an
HMAC-SHA256 over these and the contact's id. No `-` and no `_`: phones end a link before them.
Whoever has the link may answer in the name of the contact, so it is a secret: it stands in the message and nowhere else, least of all in a log.
"""

from __future__ import annotations

import hashlib
import hmac
import string
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.codes import MEANING
from models.alerting.gsm7 import DOUBLE, SINGLE, septets

if TYPE_CHECKING:
    from collections.abc import Iterable

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
NUMBER_BITS, MARK_BITS, HOUR_BITS, SIGNATURE_BITS = 24, 12, 20, 80
"""16 million events, 4096 marks (a hint whose signature to try), hours until 2089, a signature of which nobody guesses one in a life."""
CLAIM_BYTES, SIGNATURE_BYTES = (NUMBER_BITS + MARK_BITS + HOUR_BITS) // 8, SIGNATURE_BITS // 8
LENGTH = 23
"""Characters: 62^23 is just above 2^136."""
LEAST_KEY = 16
"""Characters of a key below which it is none: with an empty one anybody could sign."""
FOLDER = "e"
"""Of the page's address: https://x.vn/e/TOKEN."""
_HOUR_S = 3600
_LINK, _MARK = b"phusa page link 1\0", b"phusa page contact 1\0"
"""What is signed begins with what it is, so that a signature of one thing is none of another."""


class Claim(msgspec.Struct, frozen=True):
    """What a rightly signed link says: whose it is, for which event (`event.number`), and until when it holds."""

    number: int
    contact: str
    ends_at: datetime


def token(key: bytes, number: int, contact: str, ends_at: datetime) -> str:
    """The token of a link; it ends with the hour that `ends_at` is in. Raises ValueError for a number or an hour beyond its bits."""
    hour = -(-int(ends_at.timestamp()) // _HOUR_S)
    if not (0 <= number < 1 << NUMBER_BITS and 0 <= hour < 1 << HOUR_BITS):
        msg = f"event {number} until {ends_at}: expected a number below {1 << NUMBER_BITS} and an hour below {1 << HOUR_BITS}"
        raise ValueError(msg)
    claim = (number << MARK_BITS | _mark(key, contact)) << HOUR_BITS | hour
    packed = claim.to_bytes(CLAIM_BYTES, "big")
    return _letters(int.from_bytes(packed + _signature(key, packed, contact), "big"))


def address(base: str, token: str) -> str:
    """The link, below the public address of the page.

    >>> address("https://x.vn", "0" * 23)
    'https://x.vn/e/00000000000000000000000'
    """
    return f"{base}/{FOLDER}/{token}"


def with_link(text: str, link: str) -> str:
    """An SMS with its link: in one segment where both fit, else in two, which cost twice; beyond that the words alone.

    What the figures of an answer mean gives way to one segment: the page has buttons that say it.

    >>> with_link("Lu len", "https://x.vn/e/1"), with_link("Lu len", ""), len(with_link("x" * 150, "https://x.vn/e/1"))
    ('Lu len https://x.vn/e/1', 'Lu len', 167)
    """
    if not link:
        return text
    brief = f"{text.removesuffix(MEANING)} {link}"
    both = f"{text} {link}"
    if septets(brief) <= SINGLE:
        return both if septets(both) <= SINGLE else brief
    return both if septets(both) <= DOUBLE else text


class Links:
    """Reads links by the `key` that signed them; `contacts` are the ids of those who exist: a link of anybody else is forged."""

    def __init__(self, key: bytes, contacts: Iterable[str]) -> None:
        self._key = key
        self._marked: defaultdict[int, list[str]] = defaultdict(list)
        for contact in contacts:
            self._marked[_mark(key, contact)].append(contact)

    def read(self, text: str) -> Claim | None:
        """What the token says, also if it has ended; None where it is not ours in any way, or of somebody who is no contact."""
        number = _number(text)
        if number is None:
            return None
        whole = number.to_bytes(CLAIM_BYTES + SIGNATURE_BYTES, "big")
        packed, signature = whole[:CLAIM_BYTES], whole[CLAIM_BYTES:]
        claim = int.from_bytes(packed, "big")
        mark = claim >> HOUR_BITS & (1 << MARK_BITS) - 1
        ends_at = datetime.fromtimestamp((claim & (1 << HOUR_BITS) - 1) * _HOUR_S, UTC)
        found = None
        for contact in self._marked.get(mark, ()):
            if hmac.compare_digest(signature, _signature(self._key, packed, contact)):
                found = Claim(claim >> HOUR_BITS + MARK_BITS, contact, ends_at)
        return found


def ends(sent: datetime, hours: int) -> datetime:
    """When a link ends that goes out with news of `sent`, the same at every repetition of the message."""
    return sent + timedelta(hours=hours)


def _signature(key: bytes, packed: bytes, contact: str) -> bytes:
    return hmac.digest(key, _LINK + packed + contact.encode(), hashlib.sha256)[:SIGNATURE_BYTES]


def _mark(key: bytes, contact: str) -> int:
    """Few bits of who the contact is, which tell nobody anything without the key."""
    digest = hmac.digest(key, _MARK + contact.encode(), hashlib.sha256)
    return int.from_bytes(digest[:2], "big") >> 16 - MARK_BITS


def _letters(number: int) -> str:
    found = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        found.append(ALPHABET[digit])
    return "".join(reversed(found))


def _number(text: str) -> int | None:
    """The number that the characters write; None for another length, a strange character, or more than the bits hold."""
    if len(text) != LENGTH or not set(text) <= set(ALPHABET):
        return None
    number = 0
    for one in text:
        number = number * len(ALPHABET) + ALPHABET.index(one)
    return number if number < 1 << 8 * (CLAIM_BYTES + SIGNATURE_BYTES) else None
