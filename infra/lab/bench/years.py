"""Years of a whole commune in a store of its own: 12 stations, 41 cameras, 3,000 payments a day, and all that is told of them."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
import psycopg
from psycopg import sql
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from connectors.timescale.reference import load

if TYPE_CHECKING:
    from rich.console import Console

    from models.commune.configuration import Commune, Station

END = datetime.fromisoformat("2025-11-03T15:40:00+07:00")
"""The moment at which the screens are looked at: a flood stands in the river, the market is open."""
CAMERAS = 41
STATIONS = {"phu-oc": 2, "bo-la-van": 3, "air-la-van-ha": 3}
"""So many of each kind; with the other cages and three over streets they are twelve."""
STREETS = 3
PART = timedelta(days=30)
LIVE = timedelta(days=1)
_TEXT = (Path(__file__).resolve().parent / "years.sql").read_text(encoding="utf-8")
_HELP = """
create or replace function bench_chance(at timestamptz, what text, seed bigint) returns float8 language sql immutable parallel safe as $$
  select (hashint8extended(extract(epoch from at)::bigint, hashtextextended(what, seed)) & 1048575) / 1048576.0::float8
$$;
drop table if exists bench_who;
create table bench_who as select row_number() over (order by merchant, fee, stall) - 1 as i, w.* from (
  select m.code as merchant, null as fee, null as stall, m.hamlet from merchant m
  union all select f.merchant, f.code, null, h.code from fee f, (select distinct code from hamlet) h
  union all select s.merchant, null, s.code, s.hamlet from stall s
) w;
"""
_S = TypeVar("_S", bound=msgspec.Struct)


def whole(example: Commune) -> Commune:
    """The example commune grown to 12 stations and 41 cameras; rules, cages and gauges hold for the new ones too."""
    by_id = {station.id: station for station in example.stations}
    twins = {base: [f"{base}-{i}" for i in range(2, number + 1)] for base, number in STATIONS.items()}
    stations = list(example.stations)
    for base, names in twins.items():
        stations += [_named(by_id[base], name) for name in names]
    stations += [_street(by_id["air-la-van-ha"], i) for i in range(1, STREETS + 1)]
    cameras = [
        msgspec.structs.replace(base, id=base.id if i < len(example.cameras) else f"{base.id}-{i}",
                                name=base.name if i < len(example.cameras) else f"{base.name} {i}")
        for i in range(CAMERAS)
        for base in (example.cameras[i % len(example.cameras)],)
    ]  # fmt: skip
    return msgspec.structs.replace(
        example,
        stations=stations,
        cameras=cameras,
        rules=[
            msgspec.structs.replace(rule, stations=[*rule.stations, *(n for s in rule.stations for n in twins.get(s, ()))])
            for rule in example.rules
        ],
        gauges=_twinned(example.gauges, twins),
        cages=_twinned(example.cages, twins),
    )  # fmt: skip


def _named(station: Station, name: str) -> Station:
    return msgspec.structs.replace(station, id=name, name=f"{station.name} {name[-1]}", file_names=[])


def _street(like: Station, number: int) -> Station:
    """A sensor over a street, as the example's stations.yaml shows one."""
    depth = msgspec.structs.replace(
        like.parameters[0], code="street_depth", unit="cm", low=-5.0, high=200.0, interval_s=300, silent_after_s=1800, kappa=None
    )  # fmt: skip
    return msgspec.structs.replace(
        like, id=f"duong-{number}", name=f"Đường trũng {number}", parameters=[depth], file_names=[]
    )


def _twinned(rows: list[_S], twins: dict[str, list[str]]) -> list[_S]:
    return [
        *rows,
        *(
            msgspec.structs.replace(row, station=name)
            for row in rows
            for name in twins.get(getattr(row, "station", ""), ())
        ),
    ]


def steps() -> list[tuple[str, list[str]]]:
    """Name and statements of each step of years.sql."""
    found = []
    for part in _TEXT.split("-- step: ")[1:]:
        name, _, body = part.partition("\n")
        lines = [line for line in body.splitlines() if not line.lstrip().startswith("--")]
        found.append((name, [one for one in "\n".join(lines).split(";\n") if one.strip()]))
    return found


def fill(
    admin: str, commune: Commune, days: int, seed: int, console: Console, live: timedelta = LIVE
) -> dict[str, float]:
    """Fill the migrated, empty store `admin` with `days` until END, and the day's beginning; returns seconds by step.

    `commune`: the whole one. In the last `live` each zone is counted each second. A step of 30 days a transaction, so that
    what failed half way says where.
    """
    load(admin, commune)
    took: dict[str, float] = {}
    parts = _parts(days)
    with (
        psycopg.connect(admin, autocommit=True) as db,
        Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:3.0f} %"), TimeElapsedColumn(),
            TimeRemainingColumn(), console=console, transient=True,
        ) as progress,
    ):  # fmt: skip
        for one in (
            "set search_path = phusa, public",
            "set timezone = 'Asia/Ho_Chi_Minh'",
            "set synchronous_commit = off",
        ):
            db.execute(one)
        # Else each row of a camera would be marked, and each mark be worked off.
        db.execute("set session_replication_role = replica")
        db.execute(_HELP)
        task = progress.add_task("", total=len(parts) * len(steps()))
        for since, until in parts:
            values = {"since": sql.Literal(since), "until": sql.Literal(until), "end": sql.Literal(END), "seed": sql.Literal(seed),
                      "live": sql.Literal(live)}  # fmt: skip
            for name, statements in steps():
                progress.update(task, description=f"{since:%d/%m/%Y} · {name}")
                start = time.perf_counter()
                with db.transaction():
                    for statement in statements:
                        db.execute(sql.SQL(statement).format(**values))
                took[name] = took.get(name, 0.0) + time.perf_counter() - start
                progress.advance(task)
        progress.update(task, description="vacuum analyze")
        start = time.perf_counter()
        db.execute("vacuum analyze")
        took["vacuum analyze"] = time.perf_counter() - start
    return took


def _parts(days: int) -> list[tuple[datetime, datetime]]:
    """From the first midnight of Vietnam on: the roll-ups of days are of whole days."""
    start = (END - timedelta(days=days)).replace(hour=0, minute=0)
    found = []
    while start < END:
        found.append((start, min(start + PART, END)))
        start += PART
    return found


COUNTED = (
    "observation", "people_5m", "people_1h", "observation_1h", "derived", "quality", "alert", "alert_change", "notification",
    "payment", "payment_return", "payment_same", "money_1h", "money_day", "place_history", "snapshot", "rejected", "flood",
)  # fmt: skip


def counts(admin: str) -> dict[str, int]:
    """Rows of each table that was filled."""
    with psycopg.connect(admin) as db:
        db.execute("set search_path = phusa, public")
        found = {}
        for one in COUNTED:
            row = db.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(one))).fetchone()
            found[one] = int(row[0]) if row else 0
        return found
