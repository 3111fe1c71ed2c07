"""Load the commune's configuration into the tables that Grafana and notebooks join with."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import psycopg

from models.alerting.words import DECIMALS, KINDS, OTHERS, PARAMETERS, PRETTY
from models.catalogue.states import STATES
from models.commune.place import PEOPLE, crowd_rule
from models.payments.shares import shares
from models.places.kinds import KINDS_WORST_FIRST
from models.places.listed import listed
from models.quality.words import TESTS
from models.rejected import WORDS
from models.telemetry.derived import derivable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.commune.configuration import Commune


def load(dsn: str, commune: Commune) -> None:
    """Replace all reference rows in one transaction; `dsn` is the admin's."""
    units = {(s.id, p.code): p.unit for s in commune.stations for p in s.parameters}
    for s in commune.stations:
        units |= {(s.id, code): unit for code, unit in derivable(p.code for p in s.parameters).items()}
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("set search_path = phusa, public")
        _fill(cursor, "hamlet", [(h.code, h.name, h.unit, h.valid_from, h.valid_to) for h in commune.hamlets])
        _fill(
            cursor, "station", [(s.id, s.name, s.hamlets, s.latitude, s.longitude) for s in commune.stations]
        )
        _fill(
            cursor,
            "station_parameter",
            [
                (s.id, p.code, p.unit, p.low, p.high, p.interval_s, p.silent_after_s)
                for s in commune.stations
                for p in s.parameters
            ],
        )
        _fill(
            cursor,
            "rule_level",
            [
                (
                    r.id,
                    r.kind,
                    place,
                    r.parameter,
                    r.direction,
                    one.level,
                    one.name,
                    one.raise_at,
                    one.clear_at,
                    unit,
                )
                for r in commune.rules
                for place in r.stations
                for one in r.levels
                if (unit := units.get((place, r.parameter))) is not None
            ]
            + [
                (
                    crowd_rule(c.id, z.id),
                    "crowd",
                    c.id,
                    PEOPLE + z.id,
                    "above",
                    one.level,
                    one.name,
                    one.raise_at,
                    one.clear_at,
                    "people",
                )
                for c in commune.cameras
                for z in c.zones
                for one in z.levels
            ],
        )
        _fill(
            cursor,
            "word",
            [("parameter", code, vi, en) for code, (vi, en) in (PARAMETERS | OTHERS).items()]
            + [("reason", reason.value, vi, en) for reason, (vi, en) in WORDS.items()]
            + [("test", test.value, vi, en) for test, (vi, en) in TESTS.items()],
        )
        _fill(cursor, "flood_place", [(p.id, p.name, p.hamlets) for p in commune.flood_places])
        _fill(cursor, "camera", [(c.id, c.name, c.hamlets, c.silent_after_s) for c in commune.cameras])
        _fill(
            cursor,
            "zone",
            [(c.id, z.id, PEOPLE + z.id, z.name, z.kind) for c in commune.cameras for z in c.zones],
        )
        _fill_payments(cursor, commune)
        _fill_places(cursor, commune)
        _fill(
            cursor,
            "contact",
            [
                (
                    c.id,
                    c.name,
                    c.role,
                    c.hamlets,
                    [str(k) for k in c.kinds],
                    [str(k) for k in c.channels],
                    c.least_level,
                )
                for c in commune.contacts
            ],
        )


def _fill_places(cursor: psycopg.Cursor, commune: Commune) -> None:
    _fill(cursor, "state", [(r.code, r.vi, r.en, r.colour, r.shape, r.rank, r.known) for r in STATES.values()])
    _fill(
        cursor,
        "alert_kind",
        [
            (r.kind, *KINDS[r.kind], r.state, rank, r.last, r.about, list(r.level_vi))
            for rank, r in enumerate(KINDS_WORST_FIRST)
        ],
    )
    _fill(cursor, "unit", [(code, PRETTY.get(code, code), decimals) for code, decimals in DECIMALS.items()])
    _fill(
        cursor,
        "place_name",
        [(p.kind, p.place, p.name, p.hamlets, p.latitude, p.longitude, p.camera) for p in listed(commune)],
    )
    _fill(
        cursor, "mark", [(m.gauge, m.level, m.vi, m.en, m.kind, m.source) for m in commune.marks]
    )


def _fill_payments(cursor: psycopg.Cursor, commune: Commune) -> None:
    _fill(cursor, "merchant", [(m.code, m.name, m.kind, m.hamlet) for m in commune.merchants])
    _fill(cursor, "fee", [(f.code, f.name, f.merchant, f.public, f.amount_vnd) for f in commune.fees])
    _fill(cursor, "stall", [(s.code, s.name, s.merchant, s.hamlet) for s in commune.stalls])
    wanted = [] if commune.payments is None else shares([], commune.payments)
    _fill(cursor, "payment_target", [(s.name, s.vi, s.en, s.target, s.whole) for s in wanted])


def _fill(cursor: psycopg.Cursor, table: LiteralString, rows: Sequence[tuple[object, ...]]) -> None:
    cursor.execute(f"delete from {table}")
    if rows:
        marks: LiteralString = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"insert into {table} values ({marks})", rows)
