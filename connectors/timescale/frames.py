"""Every table as a polars frame with units and flags: `tables = Tables()` and ask.

>>> from connectors.timescale.frames import tables  # doctest: +SKIP
>>> tables().observation(station="phu-oc")  # doctest: +SKIP
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, LiteralString

import polars as pl
import psycopg
from psycopg import sql

from connectors.settings import settings
from connectors.timescale import past

if TYPE_CHECKING:
    from models.commune.configuration import Commune, Rule
    from models.replay.play import Series

ZONE = "Asia/Ho_Chi_Minh"
FLAGS = {
    1: "tốt (good)",
    2: "chưa rõ (unknown)",
    3: "nghi ngờ (suspect)",
    4: "sai (fail)",
    9: "thiếu (missing)",
}


class Tables:
    """The store as the reader role sees it; all times in Việt Nam."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def observation(
        self,
        *,
        station: str | None = None,
        parameter: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> pl.DataFrame:
        """Readings with value, unit, flag and the flag in words, oldest first."""
        frame = self._read(
            "select at, station, parameter, value, unit, flag, seq, received_at from observation",
            {"station": station, "parameter": parameter},
            "at",
            since,
            until,
        )
        return frame.with_columns(pl.col("flag").replace_strict(FLAGS, default="?").alias("flag_text"))

    def wide(self, *, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
        """One column per sensor, its unit in the name, e.g. `phu-oc river_level [m]`; failed values left out."""
        frame = self.observation(since=since, until=until).filter(pl.col("flag") < 4)
        name = pl.format("{} {} [{}]", "station", "parameter", "unit").alias("sensor")
        return (
            frame.with_columns(name)
            .pivot("sensor", index="at", values="value", aggregate_function="last")
            .sort("at")
        )

    def derived(self, *, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
        """Computed values such as `pm25_1h`, with unit and the count of readings behind each."""
        return self._read("select * from derived", {}, "at", since, until)

    def hourly(self, *, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
        """Mean, lowest and highest per hour and sensor."""
        return self._read("select * from observation_1h", {}, "hour", since, until)

    def alert(self, *, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
        """Alerts with their level now and their peak."""
        return self._read("select * from alert", {}, "raised_at", since, until)

    def alert_change(self, *, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
        """Each raise, worse, better and clear."""
        return self._read("select * from alert_change", {}, "at", since, until)

    def notification(self) -> pl.DataFrame:
        """Who was told what, by which channel, and whether it came; no phone numbers anywhere."""
        query: LiteralString = """select id, alert, seq, contact, kind, level, channel, sms_text, state, attempts,
            created_at, sent_at, delivered_at, price_vnd, reason from notification
            where contact <> 'phusa-canary'"""
        return self._read(query, {}, "created_at", None, None)

    def rejected(self) -> pl.DataFrame:
        """What could not be read, and why; the bytes stay with the administrator."""
        query: LiteralString = (
            """select at, source, topic, partition, "offset", reason, vi, en, replayed_at from rejected"""
        )
        return self._read(query, {}, "at", None, None)

    def station(self) -> pl.DataFrame:
        """Stations and what they measure, with unit and physical range."""
        return self._read(
            "select * from station_parameter p join (select id, name from station) s on s.id = p.station",
            {},
            "station",
            None,
            None,
        )

    def people(self, *, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
        """People in each zone, by the zone's name; a count of flag 2 is of a frozen camera."""
        query: LiteralString = """select at, camera, zone, name, people, flag from (
              select o.at, z.camera, z.zone, z.name, o.value as people, o.flag
              from observation o join zone z on z.camera = o.station and z.parameter = o.parameter
            ) as counted"""
        return self._read(query, {}, "at", since, until)

    def payments(self, *, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
        """The ledger in đồng, with what went back; payers are pseudonyms, names are nowhere."""
        query: LiteralString = """select at, source, event, merchant, hamlet, fee, stall, household, payer,
            amount_vnd, returned_vnd, net_vnd, state from ledger"""
        return self._read(query, {}, "at", since, until)

    def cashless(self, *, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
        """The commune's targets: how many of how many pay without cash, and what was promised."""
        query: LiteralString = "select * from cashless(coalesce(%s, '-infinity'::timestamptz), coalesce(%s, 'infinity'::timestamptz))"
        return self._frame(query, [since, until])

    def rule_level(self) -> pl.DataFrame:
        """Limits of each rule and station, with unit."""
        return self._read("select * from rule_level", {}, "level", None, None)

    def past(
        self, commune: Commune, rule: Rule, since: datetime | None = None, until: datetime | None = None
    ) -> list[Series]:
        """The history of a rule's stations for a replay (models.replay.sweep); see connectors.timescale.past."""
        return past.past(self._dsn, commune, rule, since, until)

    def _read(
        self,
        select: LiteralString,
        equal: dict[str, str | None],
        order: LiteralString,
        since: datetime | None,
        until: datetime | None,
    ) -> pl.DataFrame:
        parts: list[sql.Composed] = []
        values: list[Any] = []
        for column, value in equal.items():
            if value is not None:
                parts.append(sql.SQL("{} = %s").format(sql.Identifier(column)))
                values.append(value)
        for mark, bound in ((sql.SQL("{} >= %s"), since), (sql.SQL("{} < %s"), until)):
            if bound is not None:
                parts.append(mark.format(sql.Identifier(order)))
                values.append(bound)
        where = sql.SQL(" where ") + sql.SQL(" and ").join(parts) if parts else sql.SQL("")
        return self._frame(sql.SQL(select) + where + sql.SQL(" order by ") + sql.Identifier(order), values)

    def _frame(self, query: LiteralString | sql.Composed, values: list[Any]) -> pl.DataFrame:
        with psycopg.connect(self._dsn) as connection:
            cursor = connection.execute(query, values)
            names = [one.name for one in cursor.description or ()]
            types = [_TYPES.get(one.type_code, pl.String()) for one in cursor.description or ()]
            rows = cursor.fetchall()
        return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row", strict=False)


_TIME = pl.Datetime("us", ZONE)
_TYPES: dict[int, pl.DataType] = {
    1184: _TIME,
    701: pl.Float64(),
    20: pl.Int64(),
    23: pl.Int32(),
    21: pl.Int16(),
    1082: pl.Date(),
    1009: pl.List(pl.String),
}
"""PostgreSQL's type numbers, so that an empty table has typed columns too."""


def tables() -> Tables:
    """The store that the settings name, as reader."""
    return Tables(settings().dsn("reader"))
