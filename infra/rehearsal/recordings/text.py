"""Bytes of a text file as text, in whatever coding a logger, Excel or a portal wrote them.

No library guesses here: a byte order mark, then UTF-16 by its zeros, then UTF-8, which is strict, then the Windows page of Vietnam.
Statistics over the letters of a table of numbers would know no better, and µ, ° and ³ are the same in all pages of one byte.
"""

from __future__ import annotations

import codecs
import unicodedata

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 4096
MANY_ZEROS = 0.3
"""Share of zero bytes from which a file is UTF-16: half of them, where its letters are mostly Latin."""
PAGES = ("cp1258", "latin-1")


class NotTextError(ValueError):
    """The bytes are no text."""


def decoded(raw: bytes) -> tuple[str, str]:
    """(text, coding); raises NotTextError for what is none."""
    coding = next((name for mark, name in MARKS if raw.startswith(mark)), "") or _wide(raw[:SAMPLE])
    try:
        text = raw.decode(coding or "utf-8")
    except UnicodeDecodeError as error:
        if coding:
            msg = f"{coding}: {error.reason}"
            raise NotTextError(msg) from error
        text, coding = _page(raw)
    if any(one < " " and one not in "\t\r\n\f\v\x1a" for one in text[:SAMPLE]):
        msg = "control characters"
        raise NotTextError(msg)
    return unicodedata.normalize("NFC", text).lstrip("\ufeff"), coding or "utf-8"


def _wide(start: bytes) -> str:
    """UTF-16 without its mark: every other byte is zero."""
    even, odd = start[::2], start[1::2]
    if odd and odd.count(0) / len(odd) > MANY_ZEROS and not even.count(0):
        return "utf-16-le"
    if even and even.count(0) / len(even) > MANY_ZEROS and not odd.count(0):
        return "utf-16-be"
    return ""


def _page(raw: bytes) -> tuple[str, str]:
    for page in PAGES:
        try:
            return raw.decode(page), page
        except UnicodeDecodeError:
            continue
    raise NotTextError
