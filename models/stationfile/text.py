"""The lines of a file as text, each with its own bytes: nothing is thrown away by decoding."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LEGACY = "cp1258"
"""Windows' Vietnamese code page; `°`, `µ`, `²`, `³` stand where Latin-1 and cp1252 have them."""
_END = re.compile(r"\r{0,2}\n|\r")
"""CRLF (a transfer in text mode may double its CR), LF, or the CR alone of old loggers."""


class Line(NamedTuple):
    """A line from 1 on; `raw` are its bytes without the end of line, `ended` says whether that stood there."""

    number: int
    raw: bytes
    text: str
    ended: bool = True


def lines(data: bytes) -> Iterator[Line]:
    """All lines that are not blank, with CRLF, LF or CR at their end.

    UTF-16 where a byte order mark says so, or where every other byte is zero as in no other text. Each line is decoded by itself,
    so that a bad one spoils no other.
    """
    wide = next((name for mark, name in _UTF16.items() if data.startswith(mark)), None)
    body = data.removeprefix(codecs.BOM_UTF8) if wide is None else data[2:]
    wide = wide or _unmarked(body)
    for number, (raw, ended) in enumerate(_split(body, wide), 1):
        text = decoded(raw) if wide is None else raw.decode(wide, "replace")
        if text.strip():
            yield Line(number, raw, text, ended)


def _unmarked(body: bytes) -> str | None:
    """UTF-16 without its mark: most characters of a line of values are ASCII, so one half of each pair is zero, the other never."""
    first, second = body[0::2], body[1::2]
    zeros = first.count(0), second.count(0)
    if not zeros[0] and zeros[1] * 2 > len(second):
        return "utf-16-le"
    return "utf-16-be" if not zeros[1] and zeros[0] * 2 > len(first) else None


def _split(body: bytes, wide: str | None) -> Iterator[tuple[bytes, bool]]:
    """The bytes of each line and whether it is ended; two bytes a character where `wide`: a byte 0x0A alone is half of another."""
    size = 1 if wide is None else 2
    start = 0
    for end in _END.finditer(_units(body, wide)):
        yield body[start : end.start() * size], True
        start = end.end() * size
    yield body[start:], False


def _units(body: bytes, wide: str | None) -> str:
    """One character for each byte, or each pair of bytes."""
    if wide is None:
        return body.decode("latin-1")
    low, high = (0, 1) if wide == "utf-16-le" else (1, 0)
    pairs = zip(body[low::2], body[high::2], strict=False)
    return "".join(chr(one | other << 8) for one, other in pairs)


def decoded(raw: bytes) -> str:
    """UTF-8, else the code page of old Windows, else Latin-1, which takes every byte."""
    for encoding in ("utf-8", _LEGACY):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
