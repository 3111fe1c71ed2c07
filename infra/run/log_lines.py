"""A line of a process's log as a person reads it. Pure: no clock, no file.

    formatted('{"event": "stored", "level": "info", "timestamp": "2026-11-26T05:43:05Z", "rows": 3}')
    -> [Told("26/11 12:43:05", "tin", "stored", "rows=3")]

Ours are JSON by structlog (infra/run/logs.py), Grafana's JSON by its own names; a line that is no such JSON stays as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LEVELS = {
    "debug": "chi tiết",
    "info": "tin",
    "warning": "CHÚ Ý",
    "warn": "CHÚ Ý",
    "error": "LỖI",
    "eror": "LỖI",
    "critical": "LỖI NẶNG",
    "crit": "LỖI NẶNG",
}
"""The level of a line in Vietnamese; another word stands as it is."""
_TIME = ("timestamp", "t")
_MESSAGE = ("event", "msg")
_LEVEL = ("level", "lvl")
_LONG = ("exception", "stack")
"""Fields of several lines, which come below the message."""


class Told(NamedTuple):
    """One line of a log, in parts; `raw` alone where it is none of ours."""

    time: str = ""
    level: str = ""
    message: str = ""
    fields: str = ""
    below: tuple[str, ...] = ()
    raw: str | None = None

    def text(self) -> str:
        """As one string, what comes below it indented."""
        if self.raw is not None:
            return self.raw
        head = "  ".join(part for part in (self.time, self.level, self.message, self.fields) if part)
        return "\n".join([head, *(f"    {one}" for one in self.below)])


def read(line: str) -> Told:
    """A line without its end; what is not a JSON object with a message comes back as it is."""
    try:
        found = msgspec.json.decode(line)
    except msgspec.MsgspecError:
        return Told(raw=safe(line))
    if not isinstance(found, dict):
        return Told(raw=safe(line))
    fields: dict[str, Any] = found
    message = _taken(fields, _MESSAGE)
    if message is None:
        return Told(raw=safe(line))
    time, level = _taken(fields, _TIME), str(_taken(fields, _LEVEL) or "").lower()
    below = [row for name in _LONG for row in str(fields.pop(name, "")).splitlines()]
    return Told(
        "" if time is None else local(str(time)),
        LEVELS.get(level, safe(level)),
        safe(str(message)),
        safe(" ".join(f"{name}={_plain(value)}" for name, value in fields.items())),
        tuple(safe(row) for row in below),
    )


def local(text: str) -> str:
    """An RFC 3339 instant as Vietnamese time, "26/11 12:43:05"; without a zone it is UTC, as structlog writes it; else as it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return safe(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(VIETNAM).strftime("%d/%m %H:%M:%S")


def safe(text: str) -> str:
    """Without control characters, which could move the cursor of the reader's terminal; a tab is a space."""
    return "".join(one if one.isprintable() else "·" for one in text.replace("\t", "    "))


def _taken(fields: dict[str, Any], names: tuple[str, ...]) -> Any:
    """The first of `names` that is there, taken out."""
    for name in names:
        if name in fields:
            return fields.pop(name)
    return None


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"' if " " in value or not value else value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_plain(one)}" for name, one in value.items()) + "}"
    return msgspec.json.encode(value).decode()
