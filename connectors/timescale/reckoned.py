"""Derived values and levels in the store: what is reckoned anew because readings came late replaces what stood there.

Delivery: exactly once with the batch's transaction. What a row was before it changed or went is kept in `revision`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from models.telemetry.batch import Derived, Judged, LevelRow, Withdrawn


def write_reckoned(connection: psycopg.Connection, batches: Sequence[Judged]) -> None:
    """In the order of the batches: first what no longer holds goes, then what holds is written.

    Batches without anything withdrawn share one statement: a recording of four years makes 240,000 rows, and row by row those
    took four minutes.
    """
    derived: list[Derived] = []
    levels: list[LevelRow] = []
    for batch in batches:
        if batch.withdrawn:
            _write(connection, derived, levels)
            derived, levels = [], []
            _withdraw(connection, batch)
        derived += batch.derived
        levels += batch.levels
    _write(connection, derived, levels)


def _write(connection: psycopg.Connection, derived: list[Derived], levels: list[LevelRow]) -> None:
    if derived:
        # A statement may touch a row once: of what was computed again within the batch, the last holds.
        last = {(d.source, d.parameter, d.at): d for d in derived}.values()
        rows = [(d.at, d.source, d.parameter, d.value, d.unit, int(d.flag), d.count) for d in last]
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(_REVISED, columns)
        connection.execute(_UPSERT, columns)
    if levels:
        steps = {(level.source, level.rule, level.parameter, level.at): level for level in levels}.values()
        rows_of = [(s.at, s.source, s.parameter, s.rule, s.level, s.value) for s in steps]
        connection.execute(_LEVELS, [list(column) for column in zip(*rows_of, strict=True)])


_ROWS = "unnest(%s::timestamptz[], %s::text[], %s::text[], %s::float8[], %s::text[], %s::int2[], %s::int4[])"
_REVISED = f"""
    insert into revision (station, parameter, at, value, flag, count)
    select d.station, d.parameter, d.at, d.value, d.flag, d.count
    from {_ROWS} as n(at, station, parameter, value, unit, flag, count)
    join derived d on d.station = n.station and d.parameter = n.parameter and d.at = n.at
    where (d.value, d.flag, d.count) is distinct from (n.value, n.flag, n.count)
"""
_UPSERT = f"""
    insert into derived (at, station, parameter, value, unit, flag, count)
    select * from {_ROWS}
    on conflict (station, parameter, at) do update
      set value = excluded.value, flag = excluded.flag, count = excluded.count
      where (derived.value, derived.flag, derived.count) is distinct from (excluded.value, excluded.flag, excluded.count)
"""
_LEVELS = """
    insert into level_history (at, station, parameter, rule, level, value)
    select * from unnest(
      %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::int2[], %s::float8[]
    )
    on conflict (station, rule, parameter, at) do update set level = excluded.level, value = excluded.value
"""


def _withdraw(connection: psycopg.Connection, judged: Judged) -> None:
    """Of what was told before, drop what the batch does not tell again; what it tells again is revised where it differs."""
    for withdrawn in judged.withdrawn:
        if withdrawn.rule:
            _withdraw_levels(connection, withdrawn, judged.levels)
        if withdrawn.codes:
            _withdraw_values(connection, withdrawn, judged.derived)


def _withdraw_values(connection: psycopg.Connection, withdrawn: Withdrawn, derived: list[Derived]) -> None:
    kept = [
        (d.parameter, d.at)
        for d in derived
        if d.source == withdrawn.source and withdrawn.start <= d.at <= withdrawn.end
    ]
    exact = [code for code in withdrawn.codes if not code.endswith("*")]
    begun = [code[:-1].replace("_", r"\_") + "%" for code in withdrawn.codes if code.endswith("*")]
    connection.execute(
        """
        with gone as (
          delete from derived d
          where d.station = %(station)s and d.at between %(start)s and %(end)s
            and (d.parameter = any(%(exact)s::text[]) or d.parameter like any(%(begun)s::text[]))
            and (d.parameter, d.at) not in (
              select * from unnest(%(codes)s::text[], %(times)s::timestamptz[])
            )
          returning d.station, d.parameter, d.at, d.value, d.flag, d.count
        )
        insert into revision (station, parameter, at, value, flag, count) select * from gone
        """,
        {
            "station": withdrawn.source,
            "start": withdrawn.start,
            "end": withdrawn.end,
            "exact": exact,
            "begun": begun,
            "codes": [code for code, _ in kept],
            "times": [at for _, at in kept],
        },
    )


def _withdraw_levels(connection: psycopg.Connection, withdrawn: Withdrawn, levels: list[LevelRow]) -> None:
    kept = [step.at for step in levels if step.source == withdrawn.source and step.rule == withdrawn.rule]
    connection.execute(
        """
        delete from level_history where station = %s and rule = %s and at between %s and %s
          and not at = any(%s::timestamptz[])
        """,
        [withdrawn.source, withdrawn.rule, withdrawn.start, withdrawn.end, kept],
    )
