"""One read of the store for all who look: the same SQL functions as the screens of Grafana."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

import msgspec
import psycopg
import structlog
from psycopg.rows import class_row, dict_row

from connectors.page.now import Alert, Forecast, Now, Picture, Place, Point, River, Rung, Unanswered
from connectors.timescale.canary import canary_state
from models.catalogue.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connectors.clock import Now as Clock
    from models.places.listed import Listed

log = structlog.get_logger(__name__)

T = TypeVar("T")

MOST_ALERTS = 12
"""Rows that are read; the others are counted."""
DAY = timedelta(hours=24)
MOST_POINTS = 2_000
CONNECT_S, STATEMENT_MS = 3, 5_000
AWAY = ("không đọc được cơ sở dữ liệu", "the database cannot be read")
PLACES: LiteralString = """
select p.kind, p.place, p.name, coalesce(p.hamlets, '{}') as hamlets, p.latitude, p.longitude, p.camera, p.state, p.since, p.datum_at, p.parameter,
  p.value, p.unit, p.vi, p.en, p.level, coalesce(a.why, '') as apart
from places_at(%(at)s) p left join apart_at(%(at)s) a on p.kind = 'zone' and a.place = p.place order by p.rank, p.since
"""
ALERTS: LiteralString = """
select alert, kind, kind_vi, place, coalesce(name, place) as name, coalesce(hamlets, '{}') as hamlets, coalesce(level_vi, '') as level_vi,
  state, level, since, coalesce(value_vi, '') as value_vi, told::int, arrived::int, coalesce(told_vi, '') as told_vi,
  coalesce(answered_vi, '') as answered_vi, count(*) over ()::int as total
from open_alerts_at(%(at)s) limit %(most)s
"""
NOBODY: LiteralString = "select event, name, level, since, title, ring from nobody_at(%(at)s)"
LADDER: LiteralString = """
select level, vi, en, kind, source, reached, distance_m, value, datum_at from ladder_at(%(place)s, %(at)s) order by level desc
"""
POINTS: LiteralString = """
select at, value from (
  select at, value from observation_checked
  where station = %(place)s and parameter = %(parameter)s and checked < 4 and at > %(from)s and at <= %(at)s
  order by at desc limit %(most)s
) newest order by at
"""
# How long to the next level, as it was reckoned from the newest reading.
FORECAST: LiteralString = """
select low.at as at, low.value as low_h, likely.value as likely_h, high.value as high_h
from (select at, value from derived where station = %(place)s and parameter = 'river_next_low' and at > %(newest)s and at <= %(at)s
  order by at desc limit 1) low
left join derived likely on likely.station = %(place)s and likely.parameter = 'river_next' and likely.at = low.at
left join derived high on high.station = %(place)s and high.parameter = 'river_next_high' and high.at = low.at
"""
# A station of rain or of a reservoir alone is a gauge too, and no river.
MEASURED: LiteralString = (
    "select 1 from station_parameter where station = %(place)s and parameter = %(parameter)s"
)
RIVER_LEVEL = "river_level"
PICTURES: LiteralString = """
select distinct on (s.camera) s.camera, coalesce(c.name, s.camera) as name, s.alert, s.seq, s.at, s.people, s.caption
from (
  select camera, alert, seq, at, people, '' as caption from snapshot
  union all select camera, '', 0, at, 0, caption from camera_picture
) s left join camera c on c.id = s.camera
where s.at > %(from)s and s.at <= %(at)s order by s.camera, s.at desc
"""
OF_ALERT: LiteralString = "select jpeg from snapshot where alert = %s and seq = %s"
NEWEST: LiteralString = "select jpeg from camera_picture where camera = %s"
FORECAST_AGE = timedelta(minutes=30)


class Source:
    """Reads the store at most once in `fresh_s`, whoever asks; away: says so, with what was known before."""

    def __init__(
        self,
        dsn: str | Callable[[], str],
        clock: Clock | None,
        configured: Sequence[Place],
        fresh_s: float = 2.0,
        *,
        canary: bool = True,
    ) -> None:
        """`configured` are the places of the configuration, for a store that never answered.

        `clock` None: there is no time but that of the data (history is replayed). `canary`: it is sent, so its age is told.
        """
        self._dsn, self._clock, self._configured, self._fresh_s = dsn, clock, configured, fresh_s
        self._db: psycopg.Connection[Any] | None = None
        self._lock, self._kept, self._read_at = asyncio.Lock(), None, 0.0
        self._last: Now | None = None
        self._canary = canary

    _kept: Now | None

    async def now(self) -> Now:
        """What is known; never raises for a store that is away."""
        async with self._lock:
            if self._kept is None or time.monotonic() - self._read_at > self._fresh_s:
                self._kept = await asyncio.to_thread(self._attempt)
                self._read_at = time.monotonic()
            return self._kept

    async def picture(self, alert: str, seq: int) -> bytes | None:
        """A kept picture's JPEG; None: there is none, or the store is away."""
        async with self._lock:
            return await asyncio.to_thread(self._jpeg, OF_ALERT, alert, seq)

    async def newest(self, camera: str) -> bytes | None:
        """The newest picture of a camera that watches water, as it is now; None as of `picture`."""
        async with self._lock:
            return await asyncio.to_thread(self._jpeg, NEWEST, camera)

    def close(self) -> None:
        """Close the connection."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _attempt(self) -> Now:
        try:
            self._last = self._read(self._open())
        except (psycopg.Error, OSError, ValueError, msgspec.ValidationError) as error:
            log.warning(
                "page_without_store",
                reason=str(error).splitlines()[0] if str(error) else type(error).__name__,
            )
            self.close()
            return self._without(error)
        return self._last

    def _without(self, _error: Exception) -> Now:
        at = self._time()
        if self._last is not None:
            return msgspec.structs.replace(
                self._last, at=max(at, self._last.at), alerts=[], alert_count=0, trouble=AWAY, canary=None
            )
        return Now(at, list(self._configured), [], 0, [], [], trouble=AWAY)

    def _time(self) -> datetime:
        from connectors import clock

        if self._clock is None:
            return self._last.at if self._last is not None else clock.system()
        try:
            return self._clock()
        except (OSError, ValueError):  # a play's clock whose file is not there yet
            return clock.system()

    def _open(self) -> psycopg.Connection[Any]:
        if self._db is None or self._db.closed:
            dsn = self._dsn if isinstance(self._dsn, str) else self._dsn()
            self._db = psycopg.connect(
                dsn, autocommit=True, connect_timeout=CONNECT_S,
                options=f"-c search_path=phusa,public -c statement_timeout={STATEMENT_MS} -c default_transaction_read_only=on",
            )  # fmt: skip
        return self._db

    def _read(self, db: psycopg.Connection[Any]) -> Now:
        # One transaction, one picture of the store.
        with db.transaction():
            db.execute("set transaction isolation level repeatable read")
            at = self._time_of(db)
            places = _rows(db, Place, PLACES, at=at)
            alerts = (
                db.cursor(row_factory=dict_row).execute(ALERTS, {"at": at, "most": MOST_ALERTS}).fetchall()
            )
            heard = db.execute("select max(at) from place_state").fetchone()
            return Now(
                at,
                places,
                [msgspec.convert(alert, Alert) for alert in alerts],
                alerts[0]["total"] if alerts else 0,
                [
                    self._river(db, place, at)
                    for place in places
                    if place.kind == "gauge" and _of_river(db, place)
                ],
                _rows(db, Picture, PICTURES, at=at, **{"from": at - DAY}),
                None if heard is None else heard[0],
                canary=canary_state(db, at) if self._canary else None,
                nobody=_rows(db, Unanswered, NOBODY, at=at),
            )

    def _time_of(self, db: psycopg.Connection[Any]) -> datetime:
        if self._clock is not None:
            return self._clock()
        newest = db.execute("select max(at) from observation").fetchone()
        return newest[0] if newest is not None and newest[0] is not None else self._time()

    def _river(self, db: psycopg.Connection[Any], gauge: Place, at: datetime) -> River:
        points = _rows(
            db,
            Point,
            POINTS,
            at=at,
            place=gauge.place,
            parameter=RIVER_LEVEL,
            most=MOST_POINTS,
            **{"from": at - DAY},
        )
        expected = _rows(db, Forecast, FORECAST, at=at, place=gauge.place, newest=at - FORECAST_AGE)
        return River(
            gauge.place,
            _rows(db, Rung, LADDER, at=at, place=gauge.place),
            points,
            expected[0] if expected else None,
        )

    def _jpeg(self, query: LiteralString, *key: str | int) -> bytes | None:
        try:
            found = self._open().execute(query, key).fetchone()
        except psycopg.Error as error:
            log.warning("picture_unread", reason=str(error).splitlines()[0])
            self.close()
            return None
        return None if found is None else bytes(found[0])


def _rows(db: psycopg.Connection[Any], kind: type[T], query: LiteralString, **values: object) -> list[T]:
    return db.cursor(row_factory=class_row(kind)).execute(query, values).fetchall()


def _of_river(db: psycopg.Connection[Any], gauge: Place) -> bool:
    return db.execute(MEASURED, {"place": gauge.place, "parameter": RIVER_LEVEL}).fetchone() is not None


def unread(listed: Listed) -> Place:
    """A place of the configuration of which nothing was read yet."""
    return Place(
        listed.kind, listed.place, listed.name, list(listed.hamlets), listed.latitude, listed.longitude, listed.camera, State.SILENT, None, None, listed.main, None,
        "", "", "",
    )  # fmt: skip
