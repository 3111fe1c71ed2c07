"""What a JSON Schema asks for and what a file has, in the administrator's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from models.commune.routing import CLOCK, DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.envelope.mistake import Path

_TYPES = {
    "string": ("chữ", "text"),
    "integer": ("số nguyên", "a whole number"),
    "number": ("số", "a number"),
    "array": ("danh sách", "a list"),
    "object": ("các trường `tên: giá trị`", "fields `name: value`"),
}
_PATTERNS = {
    CLOCK: ("giờ Việt Nam dạng HH:MM, 00:00 tới 23:59", "a time of the day as HH:MM, 00:00 to 23:59"),
    DAY: ("ngày trong năm dạng MM-DD", "a day of the year as MM-DD"),
}
_BOUNDS = {"exclusiveMinimum": ">", "minimum": "≥", "exclusiveMaximum": "<", "maximum": "≤", "minItems": "≥"}

_PRIVATE = re.compile(r"(?P<day>(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d))|\+?\d(?:[ ./_()-]{0,2}\d){7,}")
"""Eight digits and more, however they are parted, may be a phone; a day is not."""


def hide(text: str) -> str:
    """The text without what may be a phone number."""
    return _PRIVATE.sub(lambda match: match[0] if match["day"] else "•••", text)


def excerpt(path: Path, value: Any) -> str:
    """`key: value` as the file has it; what is longer than a word is left out."""
    key = next((f"{part}: " for part in reversed(path) if isinstance(part, str)), "")
    if isinstance(value, dict | list) and value:
        return key + ("{…}" if isinstance(value, dict) else "[…]")
    return key + (f"{value:g}" if isinstance(value, float) else str("null" if value is None else value))


def wanted(part: Mapping[str, Any]) -> tuple[str, str]:
    """What a piece of the schema asks for, in Vietnamese and English."""
    if "enum" in part:
        choice = ", ".join(str(one) for one in part["enum"])
        return f"một trong: {choice}", f"one of: {choice}"
    if part.get("pattern") in _PATTERNS:
        return _PATTERNS[part["pattern"]]
    if "pattern" in part:
        return "mã gồm a-z, 0-9, dấu -; tối đa 48 ký tự", "a code of a-z, 0-9, -; at most 48 characters"
    if part.get("format") == "date":
        return "ngày dạng YYYY-MM-DD", "a day as YYYY-MM-DD"
    vi, en = _TYPES[part["type"]]
    bounds = "".join(f" {sign} {part[key]}" for key, sign in _BOUNDS.items() if key in part)
    return vi + bounds, en + bounds
