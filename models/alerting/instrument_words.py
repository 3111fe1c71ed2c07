"""Words on the instruments themselves: silence, doubt, clocks, outages, and the age of news that came late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models.alerting.alert import Kind
from models.alerting.words import DAY_S, HOUR_S, MINUTE_S, PARAMETERS, VIETNAM
from models.catalogue.kinds import Words
from models.catalogue.others import OTHERS, PARTS
from models.commune.place import place_name

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune

LINK = "link"
"""Of an outage: all or nearly all stations fell silent at once."""
MOST_NAMED = 8
"""More names than this are a number."""
LEAST_LATE_S = 60
"""News that is younger is not called late."""
AS_LOCAL_S, AS_LOCAL_WITHIN_S = 7 * HOUR_S, 10 * MINUTE_S
"""A clock that is seven hours off has the right time under the wrong zone."""


def age(seconds: float) -> Words:
    """A span to the minute, in Vietnamese and English; never below 0.

    >>> age(12_000), age(-240), age(3900)
    (('3 giờ 20 phút', '3 h 20 min'), ('0 giây', '0 s'), ('1 giờ 5 phút', '1 h 5 min'))
    """
    left = max(0, int(seconds))
    if left < MINUTE_S:
        return f"{left} giây", f"{left} s"
    units = [(DAY_S, "ngày", "d"), (HOUR_S, "giờ", "h"), (MINUTE_S, "phút", "min")]
    said: list[Words] = []
    for size, vi, en in units:
        count, left = divmod(left, size)
        if count:
            said.append((f"{count} {vi}", f"{count} {en}"))
    # Beside days nobody asks for minutes.
    return " ".join(words[0] for words in said[:2]), " ".join(words[1] for words in said[:2])


def late(change: AlertChange) -> Words:
    """How late the news is, ("", "") where it is not."""
    return age(change.late_s) if change.late_s >= LEAST_LATE_S else ("", "")


def lists(change: AlertChange, commune: Commune) -> list[Words]:
    """What is silent, or the stations behind an outage: MOST_NAMED of them, then fewer and how many more.

    There is at least one text.
    """
    if change.kind is Kind.OUTAGE and change.parameter != LINK:
        return [PARTS.get(change.parameter, (change.parameter, change.parameter))]
    if change.kind is Kind.OUTAGE:
        names = [(place_name(parameter, commune),) * 2 for parameter in change.parameters]
        noun = ("trạm", "stations")
        if not names:
            return [("mọi trạm", "all stations")]
        several = (f"{len(names)} trạm: ", f"{len(names)} stations: ") if len(names) > 1 else ("", "")
    else:
        names = [
            (PARAMETERS | OTHERS).get(parameter, (parameter, parameter)) for parameter in change.parameters
        ]
        noun, several = ("thông số", "parameters"), ("", "")
    found: list[Words] = []
    for shown in range(min(len(names), MOST_NAMED), 0, -1):
        more = len(names) - shown
        vi = several[0] + ", ".join(name[0] for name in names[:shown])
        en = several[1] + ", ".join(name[1] for name in names[:shown])
        found.append(
            (f"{vi} và {more} {noun[0]} khác", f"{en} and {more} other {noun[1]}") if more else (vi, en)
        )
    return found or [("số liệu", "data")]


def last_heard(change: AlertChange) -> Words:
    """When a silent station spoke last; one that never spoke is told as such."""
    if change.value <= 0:
        at = change.at.astimezone(VIETNAM)
        return f"chưa từng có số liệu tới {at:%H:%M %d/%m}", f"never heard until {at:%H:%M %d/%m}"
    at = (change.at - timedelta(seconds=change.value)).astimezone(VIETNAM)
    return f"lần cuối {at:%H:%M %d/%m}", f"last heard {at:%H:%M %d/%m}"


def offset(change: AlertChange) -> Words:
    """How a clock is wrong: positive is slow, negative is fast."""
    vi, en = age(abs(change.value))
    return (f"chậm {vi}", f"{en} slow") if change.value >= 0 else (f"nhanh {vi}", f"{en} fast")


def cause(change: AlertChange) -> Words:
    """A clock that is off by Vietnam's seven hours: which zone was taken for which; ("", "") else."""
    if abs(abs(change.value) - AS_LOCAL_S) > AS_LOCAL_WITHIN_S:
        return "", ""
    if change.value < 0:
        return "có lẽ ghi giờ Việt Nam thành UTC", "probably local time written as UTC"
    return "có lẽ ghi giờ UTC thành giờ Việt Nam", "probably UTC written as local time"
