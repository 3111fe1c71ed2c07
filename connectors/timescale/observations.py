"""Rows of `observation`, by COPY, for every flow that observes something."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

    from models.envelope.reading import Observation

HOUR_S = 3600
COPY = "copy observation (at, station, parameter, value, unit, flag, seq, received_at, confidence) from stdin (format binary)"
TYPES = ["timestamptz", "text", "text", "float8", "text", "int2", "int8", "timestamptz", "float4"]


class Observations:
    """Writes observations inside the caller's transaction."""

    def __init__(self) -> None:
        self._own_rollup: bool | None = None

    def write(self, connection: psycopg.Connection, observations: list[Observation]) -> None:
        """Copy the rows and mark their hours for the roll-up."""
        if observations:
            _copy(connection, observations)
            self._mark_hours(connection, observations)

    def _mark_hours(self, connection: psycopg.Connection, observations: list[Observation]) -> None:
        """Tell our own roll-up which hours changed; the Community edition needs no telling."""
        if self._own_rollup is None:
            row = connection.execute("select to_regclass('dirty_hour')").fetchone()
            self._own_rollup = row is not None and row[0] is not None
        if not self._own_rollup:
            return
        hours = {
            (observation.source, observation.parameter, observation.at.timestamp() // HOUR_S)
            for observation in observations
        }
        # The update locks a mark that stands, so that the roll-up cannot take it before our rows show.
        with connection.cursor() as cursor:
            cursor.execute(
                """
                insert into dirty_hour (station, parameter, hour)
                select s, p, to_timestamp(h * 3600) from unnest(%s::text[], %s::text[], %s::float8[]) as t (s, p, h)
                on conflict (station, parameter, hour) do update set hour = excluded.hour
                """,
                [list(column) for column in zip(*sorted(hours), strict=True)],
            )


def _copy(connection: psycopg.Connection, observations: list[Observation]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(TYPES)
        write = copy.write_row
        for o in observations:
            write(
                (
                    o.at,
                    o.source,
                    o.parameter,
                    o.value,
                    o.unit,
                    int(o.flag),
                    o.seq,
                    o.received_at,
                    o.confidence,
                )
            )
