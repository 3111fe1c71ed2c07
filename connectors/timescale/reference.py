"""Load the commune's configuration into the tables that Grafana and notebooks join with."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import psycopg

from models.alerting.playbook import markdown
from models.alerting.words import PARAMETERS, decimals_of
from models.catalogue.derived import derivable
from models.catalogue.flags import FLAGS
from models.catalogue.kinds import KINDS, RANKS
from models.catalogue.others import OTHERS, WHOLE, WHOLE_PLACES
from models.catalogue.parameters import PARAMETERS as CATALOGUE
from models.catalogue.quality_tests import TESTS
from models.catalogue.reasons import REASONS
from models.catalogue.states import STATES
from models.catalogue.units import UNITS
from models.payments.shares import shares
from models.places.listed import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.alerting.playbook import Page
    from models.commune.configuration import Commune


def load(dsn: str, commune: Commune, playbook: Iterable[Page] = (), page_url: str = "") -> None:
    """Replace all reference rows in one transaction; `dsn` is the admin's.

    `playbook` are its pages, which are read under `page_url` (connectors/page/application.py).
    """
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
                    level.level,
                    level.name,
                    level.raise_at,
                    level.clear_at,
                    unit,
                    r.source,
                )
                for r in commune.rules
                for place in r.stations
                for level in r.levels
                if (unit := units.get((place, r.parameter))) is not None
            ]
            + [
                (
                    z.rule(c.id),
                    z.analytic.kind.value,
                    c.id,
                    z.parameter,
                    "above",
                    level.level,
                    level.name,
                    level.raise_at,
                    level.clear_at,
                    z.analytic.unit,
                    "",
                )
                for c in commune.cameras
                for z in c.zones
                for level in z.levels
            ],
        )
        _fill(
            cursor,
            "word",
            [("parameter", code, vi, en) for code, (vi, en) in (PARAMETERS | OTHERS).items()]
            + [("place", code, vi, en) for code, (vi, en) in WHOLE_PLACES.items()]
            + [("parameter", code, vi, en) for code, (vi, en) in WHOLE.items()]
            + [("reason", reason.value, vi, en) for reason, (vi, en) in REASONS.items()]
            + [("test", test.value, vi, en) for test, (vi, en) in TESTS.items()]
            + _advice(commune)
            + _periods(commune),
        )
        _fill_catalogue(cursor)
        _fill(cursor, "flood_place", [(p.id, p.name, p.hamlets) for p in commune.flood_places])
        _fill(cursor, "camera", [(c.id, c.name, c.hamlets, c.silent_after_s) for c in commune.cameras])
        _fill(
            cursor,
            "zone",
            [(c.id, z.id, z.parameter, z.name, z.kind) for c in commune.cameras for z in c.zones],
        )
        _fill_payments(cursor, commune)
        _fill_places(cursor, commune)
        _fill(cursor, "ring_office", _offices(commune))
        _fill(
            cursor,
            "playbook",
            [
                (p.kind.value, p.level, p.title, p.title_en, markdown(p), f"{page_url}/so-tay/{p.name}")
                for p in playbook
            ],
        )
        budget = None if commune.routing is None else commune.routing.budget
        prices = {} if budget is None else budget.prices
        _fill(cursor, "message_price", [(str(channel), vnd) for channel, vnd in prices.items()])
        _fill(cursor, "message_budget", [] if budget is None else [(budget.month_vnd, budget.warn_share)])
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


def _fill_catalogue(cursor: psycopg.Cursor) -> None:
    """What is the same in every commune: models/catalogue."""
    _fill(
        cursor, "state", [(r.code, r.vi, r.en, r.colour, r.shape, r.rank, r.known) for r in STATES.values()]
    )
    _fill(cursor, "flag", [(int(r.code), r.vi, r.en, r.colour, r.shape, r.used) for r in FLAGS.values()])
    _fill(cursor, "unit", [(r.code, r.pretty(), r.decimals, r.pretty("en")) for r in UNITS.values()])
    _fill(
        cursor,
        "alert_kind",
        [
            (
                *(r.code, r.vi, r.en, r.state, RANKS[r.code], r.last, r.names, list(r.levels)),
                *(r.about, r.audience, r.colour, r.shape),
            )
            for r in KINDS.values()
        ],
    )
    _fill(
        cursor,
        "parameter",
        [
            (r.code, r.vi, r.en, r.unit, decimals_of(r.unit, r.code), r.low, r.high, r.forecast)
            for r in CATALOGUE.values()
        ],
    )


def _fill_places(cursor: psycopg.Cursor, commune: Commune) -> None:
    _fill(
        cursor,
        "place_name",
        [(p.kind, p.place, p.name, p.hamlets, p.latitude, p.longitude, p.camera) for p in listed(commune)],
    )
    _fill(cursor, "mark", [(m.gauge, m.level, m.vi, m.en, m.kind, m.source) for m in commune.marks])


def _offices(commune: Commune) -> list[tuple[int, str, str]]:
    """The numbers to ring when nobody has answered, in their order."""
    offices = [] if commune.routing is None else commune.routing.ring
    return [(turn, office.name, office.number) for turn, office in enumerate(offices, 1)]


def _advice(commune: Commune) -> list[tuple[str, str, str, str]]:
    """What to do, by "<parameter>:<side>:<level>"; of two of one the first, as models/fish/words.py takes it."""
    found = {f"{a.parameter}:{a.side}:{a.level}": (a.vi, a.en) for a in reversed(commune.fish_advice)}
    return [("fish_advice", code, vi, en) for code, (vi, en) in found.items()]


def _periods(commune: Commune) -> list[tuple[str, str, str, str]]:
    """The period of each target: `en` is what PostgreSQL's date_trunc calls it."""
    if commune.payments is None:
        return []
    period = commune.payments.targets.period
    return [("payment_period", share.name, period.vi, period.value) for share in shares([], commune.payments)]


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
