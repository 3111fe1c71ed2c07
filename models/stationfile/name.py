"""The name of a station's file: `<station>_<yyyyMMddHHmmss>.txt`, read from its end.

Circular 10/2021/TT-BTNMT. What stands before the time differs from firmware to firmware (`PROVINCE_STATION_…`), and so
do the folders (by code, by day, by "Nam YYYY/thang MM"): only the last 14 digits are sure, and no folder is.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

LOCAL = timezone(timedelta(hours=7))
"""The stamps have no zone; the stations' is UTC+7."""
_NAME = re.compile(r"(?P<station>.*?)[_\-. ]*(?P<stamp>[0-9]{14})(?:\.[^.]*)?", re.DOTALL)
_STAMP = re.compile(r"[0-9]{14}")


class FileName(NamedTuple):
    """`station` as the file calls it, `at` the time in its name."""

    station: str
    at: datetime


def file_name(name: str) -> FileName | None:
    """Read a name without its folder; None where no time stands at its end.

    >>> file_name("VL_CANG_NUOC01_20230506000500.txt").station
    'VL_CANG_NUOC01'
    """
    found = _NAME.fullmatch(name)
    at = None if found is None else local_time(found["stamp"])
    return None if found is None or at is None else FileName(found["station"], at)


def local_time(stamp: str) -> datetime | None:
    """`yyyyMMddHHmmss` in UTC+7; None where it is no moment of the calendar since 1970."""
    if _STAMP.fullmatch(stamp) is None:
        return None
    try:
        found = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=LOCAL)
    except ValueError:
        return None
    return found if found.timestamp() >= 0 else None


def key(text: str) -> str:
    """How a station's name in a file is compared: firmware and administrators differ in capitals."""
    return text.strip("_-. ").casefold()
