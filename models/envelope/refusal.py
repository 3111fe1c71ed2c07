"""Why a message is refused, and what is said of bytes that cannot be read. The answer is a value, never an exception that stops a flow."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass

import msgspec

from models.catalogue.reasons import Reason
from models.envelope.period import DAY_MS

MAX_BYTES = 64 * 1024
"""A reading is about 150 bytes; 64 KiB leaves room for any station and keeps the flow's memory bounded."""


FUTURE_MS = 5 * 60_000
"""How far a camera's clock may be ahead: five minutes, the interval of Circular 10/2021. A station's: models/quality/clockwork.py."""


LATE_MS = DAY_MS
"""A reading may arrive a day after its time; later it is refused (and kept, to be replayed by hand)."""


class DoubledKeyError(msgspec.ValidationError):
    """A field stands twice in one object: which of the two is meant, nobody can tell. Its text is the field's name."""


def once(payload: bytes) -> None:
    """Raises DoubledKeyError where an object of this JSON has a field twice, DecodeError where that cannot be told."""

    def pairs(found: list[tuple[str, object]]) -> None:
        names = [name for name, _ in found]
        if len(set(names)) != len(names):
            raise DoubledKeyError(next(name for name in names if names.count(name) > 1))

    try:
        json.loads(payload, object_pairs_hook=pairs, parse_int=float, strict=False)
    except DoubledKeyError:
        raise
    except ValueError as error:
        # Something in a field of none of ours that the other decoder passed over unread.
        raise msgspec.DecodeError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, for the label of a count, and in words for people."""

    reason: Reason
    vi: str
    en: str


def unreadable(payload: bytes, error: msgspec.MsgspecError) -> Refusal:
    """Name what the decoder found: nothing at all, another encoding, not JSON, a field twice, a NaN, or of the wrong type."""
    what = str(error)
    if not payload.removeprefix(codecs.BOM_UTF8).strip():
        return Refusal(
            Reason.EMPTY, "Bản tin rỗng, không có gì để đọc", "message: empty, nothing in it to read"
        )
    if isinstance(error, DoubledKeyError):
        return Refusal(
            Reason.DOUBLED_KEY,
            f"Trường {what[:64]!r} ghi hai lần, không biết lấy giá trị nào",
            f"{what[:64]!r}: written twice, nobody can tell which is meant",
        )
    if (other := _encoding(payload, what)) is not None:
        return other
    if b"NaN" in payload or b"Infinity" in payload or "out of range" in what:
        return Refusal(
            Reason.NOT_FINITE,
            f"Giá trị không phải số hữu hạn (NaN hoặc vô cực): {what}",
            f"value: expected a finite number, found NaN or infinity: {what}",
        )
    if isinstance(error, msgspec.ValidationError):
        return Refusal(
            Reason.WRONG_TYPE, f"Sai kiểu hoặc thiếu trường: {what}", f"wrong type or missing field: {what}"
        )
    return Refusal(Reason.NOT_JSON, f"Không phải JSON: {what}", f"expected a JSON object: {what}")


def _encoding(payload: bytes, what: str) -> Refusal | None:
    """What is wrong with the characters: UTF-16, half of a surrogate pair, or bytes that are no UTF-8."""
    if _utf_16(payload):
        return Refusal(
            Reason.WRONG_CONTENT,
            "JSON viết bằng UTF-16; cần UTF-8",
            "JSON in UTF-16; expected UTF-8",
        )
    if "surrogate" in what or _lone_surrogate(payload):
        return Refusal(
            Reason.WRONG_CONTENT,
            f"Nửa ký tự Unicode (surrogate lẻ), không phải chữ nào: {what}",
            f"a lone surrogate, half of a character: {what}",
        )
    return None


def _lone_surrogate(payload: bytes) -> bool:
    """Is it UTF-8 but for half a surrogate pair, written as if it were a character?"""
    try:
        text = payload.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return any("\ud800" <= char <= "\udfff" for char in text)


def _utf_16(payload: bytes) -> bool:
    """Does it become a JSON object when read as UTF-16, with a byte order mark or without?"""
    for name in ("utf-16", "utf-16-le", "utf-16-be"):
        try:
            if payload.decode(name).lstrip().startswith("{"):
                return True
        except UnicodeDecodeError:
            continue
    return False


def too_big(size: int) -> Refusal:
    """The message is larger than any reading may be."""
    return Refusal(
        Reason.TOO_BIG,
        f"Bản tin quá lớn: {size} byte, tối đa {MAX_BYTES}",
        f"message: expected at most {MAX_BYTES} bytes, found {size}",
    )
