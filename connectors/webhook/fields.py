"""What the parsers of receipts share: fields of a call that anybody may send, read or refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl

import msgspec

from connectors.webhook.server import Refusal
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.alerting.receipt import Outcome

LARGEST = 2**31
LONGEST = 200
"""Characters of a reason or an id that are kept."""

Call = TypeVar("Call")


def key_of(text: str, name: str) -> str:
    """Our key, which is letters and digits only; raises Refusal that names the field."""
    if not (text.isascii() and text.isalnum()):
        raise Refusal(Reason.WRONG_TYPE, f"{name}: thiếu hoặc lạ", f"{name}: missing, or none of ours")
    return text


def one_of(outcomes: Mapping[str, Outcome], text: str, name: str) -> Outcome:
    """The outcome that the word stands for; raises Refusal that names the field and what it may be."""
    outcome = outcomes.get(text)
    if outcome is None:
        expected = ", ".join(outcomes)
        raise Refusal(
            Reason.WRONG_TYPE,
            f"{name}: gặp {text!r}, cần một trong {expected}",
            f"{name}: found {text!r}, expected one of {expected}",
        )
    return outcome


def number(text: str, name: str) -> int:
    """A whole number that a row holds, an empty text is 0; raises Refusal that names the field."""
    try:
        found = round(float(text or "0"))
    except (ValueError, OverflowError):
        found = -1
    if not 0 <= found < LARGEST:
        raise Refusal(
            Reason.WRONG_TYPE,
            f"{name}: gặp {text!r}, cần một số",
            f"{name}: found {text!r}, expected a number",
        ) from None
    return found


def printable(text: str) -> str:
    """Without control characters: no store takes a NUL, no log a line break."""
    return "".join(one for one in text if one.isprintable())[:LONGEST]


def read(body: bytes, of: type[Call]) -> Call:
    """The JSON of a call; raises Refusal."""
    try:
        return msgspec.json.decode(body, type=of)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(Reason.NOT_JSON, f"không đọc được: {error}", f"unreadable: {error}") from None


def form(body: bytes) -> dict[str, str]:
    """The fields of an HTML form; raises Refusal."""
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body)))
    except ValueError as error:
        raise Refusal(Reason.WRONG_CONTENT, f"không đọc được: {error}", f"unreadable: {error}") from None
