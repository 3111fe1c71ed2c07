"""The history of a rule's stations as the store has it, laid out for a replay (models/replay/play.py).

Values are read whatever their flag, for they are judged again. What the instrument was doing is known from the verdicts: a
reading with the verdict `status` was calibration or error, one with `dead` came from an instrument that measures no more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import msgspec
import psycopg

from models.envelope.period import DAY_MS
from models.envelope.reading import Status
from models.envelope.refusal import LATE_MS
from models.quality.trust import ZONE_MS
from models.replay.play import Series, Track, inputs
from models.telemetry.plan import quality_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.commune.configuration import Commune, Rule, Station

WARM_DAYS = 3
"""What is reckoned hangs on readings of before: a day of rain, two of an air quality index."""
_STATUS, _DEAD = 1, 2
_Row = tuple[int, float, int]
"""Time (ms), value, what a verdict says of the instrument; of a derived value its flag."""


def past(
    dsn: str, commune: Commune, rule: Rule, since: datetime | None = None, until: datetime | None = None
) -> list[Series]:
    """A series for each station of the rule that has any value from `since` until before `until`; with the settings of `commune`.

    What is reckoned comes with the readings it hangs on, and is judged by what was stored only where those are no longer kept.
    """
    found = []
    with psycopg.connect(dsn) as db:
        for station in commune.stations:
            if station.id in rule.stations:
                codes = {parameter.code for parameter in station.parameters}
                read = _measured if rule.parameter in codes else _reckoned
                series = read(db, commune, station, rule.parameter, (since, until))
                if series is not None:
                    found.append(series)
    return sorted(found, key=lambda one: one.station)


_Span = tuple["datetime | None", "datetime | None"]


def _measured(
    db: psycopg.Connection, commune: Commune, station: Station, code: str, span: _Span
) -> Series | None:
    tracks = _tracks(db, commune, station, {code}, span, 0)
    return next(
        (
            Series(station.id, track.at_ms, track.values, track.status, track.quality, track.parameter)
            for track in tracks
        ),
        None,
    )


def _reckoned(
    db: psycopg.Connection, commune: Commune, station: Station, code: str, span: _Span
) -> Series | None:
    rows = db.execute(
        _DERIVED, {"station": station.id, "parameter": code, "since": span[0], "until": span[1]}
    )
    values = rows.fetchall()
    if not values:
        return None
    series = Series(
        station.id,
        [value[0] for value in values],
        [value[1] for value in values],
        flags=[value[2] for value in values],
    )
    wanted = inputs(code)
    tracks = [] if wanted is None else _tracks(db, commune, station, wanted, span, WARM_DAYS)
    # Derived values are kept for ever, readings are not: where those are gone, what was stored stands for all.
    if not tracks or min(track.at_ms[0] for track in tracks) > series.at_ms[0]:
        return series
    from_ms = None if span[0] is None else round(span[0].timestamp() * 1000)
    return msgspec.structs.replace(series, measured=tracks, from_ms=from_ms, commune=commune)


def _tracks(
    db: psycopg.Connection,
    commune: Commune,
    station: Station,
    codes: set[str] | frozenset[str],
    span: _Span,
    before_days: int,
) -> list[Track]:
    found = []
    for parameter in station.parameters:
        if parameter.code not in codes:
            continue
        where = {
            "station": station.id, "parameter": parameter.code, "since": span[0], "until": span[1],
            "before": before_days, "late_s": LATE_MS // 1000,
        }  # fmt: skip
        rows = db.execute(_MEASURED, where).fetchall()
        if rows:
            quality = quality_of(commune, station.id, parameter.code)
            counted: dict[int, int] = dict(db.execute(_COUNTED, where).fetchall())
            at_ms, values = [row[0] for row in rows], [row[1] for row in rows]
            found.append(Track(parameter, at_ms, values, statuses(rows, counted), quality))
    return found


def statuses(rows: Sequence[_Row], counted: dict[int, int]) -> list[int]:
    """The instrument's state (Status) at each reading; `counted`: end of a day (ms, Vietnam's) -> readings that counted for trust.

    The verdict says "calibrating or faulty". Calibration does not count for the trust in a sensor, an error does: so the day's
    count tells which it was. Of a day without one it is taken for calibration, which costs the sensor nothing.
    """
    of_day = Counter(_end_of_day(at_ms) for at_ms, _, _ in rows)
    left: defaultdict[int, int] = defaultdict(int)
    for end_ms, number in of_day.items():
        left[end_ms] = number - counted.get(end_ms, 0)
    found = []
    for at_ms, _, said in rows:
        status = Status.MEASURING
        if said & _DEAD:
            status = Status.ERROR
        elif said & _STATUS:
            calibrated = left[_end_of_day(at_ms)] > 0
            left[_end_of_day(at_ms)] -= 1
            status = Status.CALIBRATING if calibrated else Status.ERROR
        found.append(int(status))
    return found


def _end_of_day(at_ms: int) -> int:
    return ((at_ms + ZONE_MS) // DAY_MS + 1) * DAY_MS - ZONE_MS


# Also without what came so late that no rule was shown it: it is kept because somebody asked for it.
_MEASURED = """
    select (extract(epoch from o.at) * 1000)::bigint, o.value, coalesce(q.said, 0)
    from observation o
    left join (
      select at, bit_or(case test when 'dead' then 2 else 1 end) as said from quality
      where station = %(station)s and parameter = %(parameter)s and test in ('status', 'dead') and flag = 4
      group by at
    ) q on q.at = o.at
    where o.station = %(station)s and o.parameter = %(parameter)s
      and o.at >= coalesce(%(since)s::timestamptz - make_interval(days => %(before)s), '-infinity')
      and o.at < coalesce(%(until)s::timestamptz, 'infinity')
      and o.received_at <= o.at + make_interval(secs => %(late_s)s)
    order by o.at
"""
_COUNTED = """
    select (extract(epoch from at) * 1000)::bigint, count from derived
    where station = %(station)s and parameter = 'trust_' || %(parameter)s
      and at > coalesce(%(since)s::timestamptz - make_interval(days => %(before)s) + interval '1 day', '-infinity')
"""
_DERIVED = """
    select (extract(epoch from at) * 1000)::bigint, value, flag from derived
    where station = %(station)s and parameter = %(parameter)s
      and at >= coalesce(%(since)s::timestamptz, '-infinity') and at < coalesce(%(until)s::timestamptz, 'infinity')
    order by at
"""
