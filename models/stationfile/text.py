"""The lines of a file as text, each with its own bytes: nothing is thrown away by decoding."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LEGACY = "cp1258"
"""Windows' Vietnamese code page; `°`, `µ`, `²`, `³` stand where Latin-1 and cp1252 have them."""


class Line(NamedTuple):
    """A line from 1 on; `raw` are its bytes without the end of line."""

    number: int
    raw: bytes
    text: str


def lines(data: bytes) -> Iterator[Line]:
    """All lines that are not blank, with CRLF or LF at their end.

    UTF-16 only where a byte order mark says so. Each line is decoded by itself, so that a bad one spoils no other.
    """
    wide = next((name for mark, name in _UTF16.items() if data.startswith(mark)), None)
    parts = data.removeprefix(codecs.BOM_UTF8).split(b"\n") if wide is None else _split(data[2:], wide)
    return_mark = "\r".encode(wide or "ascii")
    for number, part in enumerate(parts, 1):
        raw = part.removesuffix(return_mark)
        text = decoded(raw) if wide is None else raw.decode(wide, "replace")
        if text.strip():
            yield Line(number, raw, text)


def _split(data: bytes, wide: str) -> Iterator[bytes]:
    """Two bytes a character: a byte 0x0A alone is half of another one."""
    mark, start = "\n".encode(wide), 0
    for i in range(0, len(data) - 1, 2):
        if data[i : i + 2] == mark:
            yield data[start:i]
            start = i + 2
    yield data[start:]


def decoded(raw: bytes) -> str:
    """UTF-8, else the code page of old Windows, else Latin-1, which takes every byte."""
    for encoding in ("utf-8", _LEGACY):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
