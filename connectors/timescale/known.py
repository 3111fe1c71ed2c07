"""What the store knows of each place as of a time: the facts that models.places speaks of. Nothing later than that time is read.

One look at the commune is four questions, each answered from indexes: the last row of each sensor, the last while of some, the last
value of each derived parameter, the open alerts. A sensor without a row for two days is looked for in all days, once an hour.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from models.catalogue.quality_tests import TESTS
from models.envelope.reading import Flag
from models.places.facts import Datum, Facts, Raised, Sensor
from models.places.listed import RECKONED, concerned, listed
from models.places.others import SMOOTH_S
from models.places.place import PlaceKind
from models.quality.checks import Test
from models.telemetry.river import WINDOWS_MS

if TYPE_CHECKING:
    import psycopg

    from models.commune.configuration import Commune
    from models.places.listed import Listed

LATELY = timedelta(days=2)
"""The newest rows are looked for in these days first: the server leaves out all others before it looks."""
AGAIN = timedelta(hours=1)
"""After so long a sensor that was silent for longer is looked for in all days again."""
UNCOUNTED = timedelta(hours=1)
"""A camera that cannot see writes a row each second: its last usable count is not looked for further back."""
Key = tuple[str, str]
Last = tuple[Datum | None, Datum | None]
"""The newest reading of a sensor, and the newest usable one."""

_LAST = """
select k.station, k.parameter, n.at, n.value, n.unit, n.flag, u.at, u.value, u.unit, u.flag
from unnest(%(stations)s::text[], %(parameters)s::text[], %(since)s::timestamptz[]) as k (station, parameter, since)
left join lateral (
  select o.at, o.value, o.unit, o.flag from observation o
  where o.station = k.station and o.parameter = k.parameter and o.at <= %(t)s and o.at > %(from)s
  order by o.at desc limit 1
) n on true
left join lateral (
  select o.at, o.value, o.unit, o.flag from observation o
  where n.flag not in (1, 3) and o.station = k.station and o.parameter = k.parameter and o.flag in (1, 3)
    and o.at <= n.at and o.at > k.since and o.at <= %(t)s and o.at > %(from)s
  order by o.at desc limit 1
) u on true
"""
_RECENT = """
select k.station, k.parameter, o.at, o.value, o.unit, o.flag
from unnest(%(stations)s::text[], %(parameters)s::text[], %(since)s::timestamptz[]) as k (station, parameter, since)
join observation o on o.station = k.station and o.parameter = k.parameter and o.at > k.since and o.at <= %(t)s
  and o.at > %(from)s and o.flag in (1, 3)
order by o.at
"""
_DERIVED = """
select k.station, k.parameter, d.at, d.value, d.unit, d.flag, d.count
from unnest(%(stations)s::text[], %(parameters)s::text[]) as k (station, parameter)
join lateral (
  select d.at, d.value, d.unit, d.flag, d.count from derived d
  where d.station = k.station and d.parameter = k.parameter and d.at <= %(t)s order by d.at desc limit 1
) d on true
"""
_TESTS = """
select q.station, q.parameter, array_agg(q.test order by q.test)
from unnest(%(stations)s::text[], %(parameters)s::text[], %(since)s::timestamptz[]) as k (station, parameter, at)
join quality q on q.station = k.station and q.parameter = k.parameter and q.at = k.at and q.flag > 2
group by q.station, q.parameter
"""
_ALERTS = """
select a.kind, a.rule, a.station, a.parameter, n.level, since.at, n.value, a.unit, coalesce(n.parameters, '{}'), n.evidence
from real_alert a
join lateral (
  select c.seq, c.level, c.value, c.at, c.parameters, c.evidence from alert_change c
  where c.alert = a.alert and c.at <= %(t)s order by c.seq desc limit 1
) n on n.level > 0
cross join lateral (
  select coalesce(min(c.at), n.at) as at from alert_change c
  where c.alert = a.alert and c.at <= %(t)s and c.seq > coalesce((
    select max(b.seq) from alert_change b where b.alert = a.alert and b.at <= %(t)s and b.level <> n.level), 0)
) since
where a.raised_at <= %(t)s and (a.cleared_at is null or a.cleared_at > %(t)s)
order by n.level desc, since.at, a.alert
"""


class Known:
    """The places of a commune and where their facts stand. It remembers when it last looked for what has long been silent."""

    def __init__(self, commune: Commune) -> None:
        self._commune, self.places = commune, listed(commune)
        measured = {(station.id, each.code) for station in commune.stations for each in station.parameters}
        zones = {(place.station, place.main) for place in self.places if place.kind is PlaceKind.ZONE}
        self._zones, self._keys = zones, sorted(measured | zones)
        reckoned = {(place.station, code) for place in self.places for code in RECKONED[place.kind]}
        reckoned |= {(place, rule.parameter) for rule in commune.rules for place in rule.stations}
        self._reckoned = sorted(reckoned - measured)
        windows = {gauge.station: max(gauge.habit.windows_ms) for gauge in commune.gauges}
        self._recent = [
            (place.station, place.main, _window(place, windows))
            for place in self.places
            if place.main == "river_level" or place.kind is PlaceKind.ZONE
        ]
        self._old: dict[Key, tuple[datetime, Last]] = {}
        self._alone = {
            place.place: sum(each.station == place.station for each in self.places) == 1
            for place in self.places
        }

    def facts(self, connection: psycopg.Connection, t: datetime) -> list[tuple[Listed, Facts]]:
        """Each place with what was known of it at `t`."""
        last = self._last(connection, t)
        recent = self._read_recent(connection, t)
        derived = self._read_derived(connection, t)
        alerts = _read_alerts(connection, t)
        by_station: dict[str, dict[str, Sensor]] = defaultdict(dict)
        for (station, parameter), (newest, usable) in last.items():
            by_station[station][parameter] = Sensor(newest, usable, recent.get((station, parameter), ()))
        return [
            (
                place,
                Facts(
                    t,
                    by_station[place.station],
                    derived[place.station],
                    concerned(place, alerts, self._commune, alone=self._alone[place.place]),
                ),
            )
            for place in self.places
        ]

    def newest(self, connection: psycopg.Connection, after: datetime | None) -> datetime | None:
        """The time of the newest reading of all sensors later than `after`; None: there is none."""
        low = after or datetime.fromisoformat("1900-01-01T00:00:00+00:00")
        row = connection.execute(
            """
            select max(n.at) from unnest(%s::text[], %s::text[]) as k (station, parameter)
            cross join lateral (
              select o.at from observation o where o.station = k.station and o.parameter = k.parameter and o.at > %s
              order by o.at desc limit 1
            ) n
            """,
            [*map(list, zip(*self._keys, strict=True)), low],
            prepare=False,
        ).fetchone()
        return None if row is None else row[0]

    def _last(self, connection: psycopg.Connection, t: datetime) -> dict[Key, Last]:
        found = self._ask(connection, self._keys, t, t - LATELY)
        missing = [key for key, (newest, _) in found.items() if newest is None]
        kept = {key: self._old[key] for key in missing if key in self._old}
        fresh = {key: last for key, (asked, last) in kept.items() if asked <= t < asked + AGAIN}
        ask = [key for key in missing if key not in fresh]
        if ask:
            looked = self._ask(connection, ask, t, datetime.fromisoformat("1900-01-01T00:00:00+00:00"))
            self._old |= {key: (t, last) for key, last in looked.items()}
            fresh |= looked
        return found | fresh

    def _ask(
        self, connection: psycopg.Connection, keys: list[Key], t: datetime, low: datetime
    ) -> dict[Key, Last]:
        since = [t - UNCOUNTED if key in self._zones else low for key in keys]
        rows = connection.execute(
            _LAST, _wanted(keys, since) | {"t": t, "from": low}, prepare=False
        ).fetchall()
        found: dict[Key, Last] = {}
        for station, parameter, at, value, unit, flag, *other in rows:
            newest = None if at is None else Datum(at, value, unit, flag)
            usable = (
                newest if newest is None or newest.usable else None if other[0] is None else Datum(*other)
            )
            found[station, parameter] = (newest, usable)
        return self._explained(connection, found)

    def _explained(self, connection: psycopg.Connection, found: dict[Key, Last]) -> dict[Key, Last]:
        """Name the tests of what is not good."""
        doubted = {
            key: newest
            for key, (newest, _) in found.items()
            if newest is not None and newest.flag > Flag.UNKNOWN
        }
        if not doubted:
            return found
        rows = connection.execute(
            _TESTS, _wanted(list(doubted), [one.at for one in doubted.values()]), prepare=False
        ).fetchall()
        for station, parameter, tests in rows:
            newest, usable = found[station, parameter]
            assert newest is not None  # noqa: S101 (only such were asked for)
            named = Datum(
                newest.at, newest.value, newest.unit, newest.flag, tuple(_words(test) for test in tests)
            )
            found[station, parameter] = (named, usable)
        return found

    def _read_recent(self, connection: psycopg.Connection, t: datetime) -> dict[Key, tuple[Datum, ...]]:
        found: dict[Key, list[Datum]] = defaultdict(list)
        if self._recent:
            keys, since = [one[:2] for one in self._recent], [t - one[2] for one in self._recent]
            values = _wanted(keys, since) | {"t": t, "from": min(since)}
            for station, parameter, at, value, unit, flag in connection.execute(
                _RECENT, values, prepare=False
            ):
                found[station, parameter].append(Datum(at, value, unit, flag))
        return {key: tuple(each) for key, each in found.items()}

    def _read_derived(self, connection: psycopg.Connection, t: datetime) -> dict[str, dict[str, Datum]]:
        found: dict[str, dict[str, Datum]] = defaultdict(dict)
        if self._reckoned:
            values = _wanted(self._reckoned, []) | {"t": t}
            for station, parameter, at, value, unit, flag, count in connection.execute(
                _DERIVED, values, prepare=False
            ):
                found[station][parameter] = Datum(at, value, unit, flag, (), count)
        return found


def _wanted(keys: list[Key], since: list[datetime]) -> dict[str, object]:
    return {"stations": [key[0] for key in keys], "parameters": [key[1] for key in keys], "since": since}


def _window(place: Listed, windows: dict[str, int]) -> timedelta:
    if place.kind is PlaceKind.ZONE:
        return timedelta(seconds=SMOOTH_S)
    return timedelta(milliseconds=windows.get(place.station, max(WINDOWS_MS)) + 1)


def _words(test: str) -> tuple[str, str]:
    """The test for people; one that a newer version wrote stands as it is."""
    return TESTS[Test(test)] if test in set(Test) else (test, test)


def _read_alerts(connection: psycopg.Connection, t: datetime) -> list[Raised]:
    rows = connection.execute(_ALERTS, {"t": t}, prepare=False).fetchall()
    return [
        Raised(kind, rule, station, parameter, level, since, value, unit, tuple(missed), _evidence(why))
        for kind, rule, station, parameter, level, since, value, unit, missed, why in rows
    ]


def _evidence(why: list[dict[str, str]] | None) -> tuple[tuple[str, str], ...]:
    return tuple((one["vi"], one["en"]) for one in why or ())
