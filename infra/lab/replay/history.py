"""History for a replay: from the store, from a recording, from a CSV of station, at, value."""

from __future__ import annotations

import math
import statistics
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from connectors.clock import VIETNAM
from connectors.timescale.past import past
from infra.rehearsal.recordings.catalogue import CATALOGUE
from infra.rehearsal.recordings.configuration import LIKE_S
from models.catalogue.derived import derivable
from models.catalogue.units import same_unit
from models.commune.configuration import Parameter
from models.envelope.reading import Flag, Status
from models.replay.play import Series, inputs
from models.replay.truth import Event
from models.telemetry.plan import quality_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.commune.configuration import Commune, Rule


class HistoryError(ValueError):
    """What cannot be replayed, in Vietnamese and English."""


def parameter(commune: Commune, rule: Rule) -> Parameter | None:
    """What the rule watches, as its first station measures it; None where no station of the rule does."""
    for station in commune.stations:
        for one in station.parameters:
            if station.id in rule.stations and one.code == rule.parameter:
                return one
        reckoned = derivable(parameter.code for parameter in station.parameters)
        if station.id in rule.stations and rule.parameter in reckoned:
            unit, hour_s = reckoned[rule.parameter], 3600
            return Parameter(rule.parameter, unit, -math.inf, math.inf, hour_s, 2 * hour_s)
    return None


def stored(
    dsn: str,
    commune: Commune,
    rule: Rule,
    watched: Parameter | None,
    since: datetime | None,
    until: datetime | None,
) -> tuple[list[Series], Parameter]:
    """All that the rule's stations told or that was reckoned of them, whatever its flag: it is judged again."""
    if watched is None:
        msg = f"{rule.id}: không trạm nào đo {rule.parameter} (no station of the rule measures it)"
        raise HistoryError(msg)
    return past(dsn, commune, rule, since, until), watched


def recorded(
    path: Path,
    commune: Commune,
    rule: Rule,
    watched: Parameter | None,
    since: datetime | None,
    until: datetime | None,
) -> tuple[list[Series], Parameter]:
    """A recording that we know by its name, else a CSV with the columns station, at (RFC 3339), value, and if it has it status.

    `status` is the instrument's state (0 measuring, 1 calibrating, 2 error; nothing: 0). Tests of quality are those of the commune, where the file has
    about the pace that they are for: of hourly values each would be the first after a gap.
    Returned with the parameter as the file has it: its interval is the file's own median step. A rule that no station of
    the commune feeds takes every value as physical.
    """
    known = [one for one in CATALOGUE if one.path.endswith("/" + path.name)]
    frame = known[0].read(path).frame.filter(pl.col("parameter") == rule.parameter) if known else _csv(path)
    if known and frame.is_empty():
        msg = f"{path}: không có {rule.parameter} (the file has no such parameter)"
        raise HistoryError(msg)
    unit = frame["unit"][0] if known else ""
    if watched is None:
        watched = Parameter(rule.parameter, unit, -math.inf, math.inf, 1, 1)
    elif known and not same_unit(unit, watched.unit):
        msg = f"{path}: đơn vị {unit}, cần {watched.unit} (unit of the file, unit of the rule)"
        raise HistoryError(msg)
    for bound, is_first in ((since, True), (until, False)):
        if bound is not None:
            ms = round(bound.timestamp() * 1000)
            frame = frame.filter(pl.col("ms") >= ms if is_first else pl.col("ms") < ms)
    found = _series(frame, watched)
    steps = [b - a for one in found for a, b in zip(one.at_ms, one.at_ms[1:], strict=False) if b > a]
    interval_s = max(1, round(statistics.median(steps) / 1000)) if steps else watched.interval_s
    least, most = min(LIKE_S[0], watched.interval_s), max(LIKE_S[1], watched.interval_s)
    if least <= interval_s <= most:
        found = [
            msgspec.structs.replace(one, quality=quality_of(commune, one.station, rule.parameter))
            for one in found
        ]
    return found, msgspec.structs.replace(watched, interval_s=interval_s)


def truth(path: Path) -> list[Event]:
    """A CSV with the columns station, start, end (RFC 3339)."""
    frame = _read(path, ("station", "start", "end"))
    return [
        Event(station, _ms(path, row, start), _ms(path, row, end))
        for row, (station, start, end) in enumerate(frame.select("station", "start", "end").iter_rows(), 2)
    ]


def moment(text: str) -> datetime:
    """A date or a time; without a zone it is Vietnam's."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"{text}: cần ngày giờ như 2026-11-23T05:00 (expected a date or time)"
        raise HistoryError(msg) from error
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def _series(frame: pl.DataFrame, watched: Parameter) -> list[Series]:
    """A series a station; what nobody sends is taken as somebody reckoned it, all else is judged as measured."""
    ordered = frame.sort("station", "ms", maintain_order=True)
    reckoned = inputs(watched.code) is not None and watched.low == -math.inf
    found = []
    for (name,), part in ordered.group_by("station", maintain_order=True):
        at_ms, values, station = part["ms"].to_list(), part["value"].to_list(), str(name)
        if reckoned:
            found.append(Series(station, at_ms, values, flags=[int(Flag.GOOD)] * len(values)))
        else:
            status = part["status"].to_list() if "status" in part.columns else ()
            found.append(Series(station, at_ms, values, status))
    return found


def _csv(path: Path) -> pl.DataFrame:
    frame = _read(path, ("station", "at", "value"))
    told = frame["status"].to_list() if "status" in frame.columns else [None] * frame.height
    rows = [
        (station, _ms(path, row, at), _number(path, row, value), _status(path, row, status))
        for row, ((station, at, value), status) in enumerate(
            zip(frame.select("station", "at", "value").iter_rows(), told, strict=True), 2
        )
    ]
    schema = {"station": pl.String, "ms": pl.Int64, "value": pl.Float64, "status": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _status(path: Path, row: int, text: str | None) -> int:
    known = {str(int(one)): int(one) for one in Status}
    found = known.get((text or "0").strip())
    if found is None:
        msg = f"{path}:{row}: status {text!r}, cần {', '.join(known)} (expected one of these)"
        raise HistoryError(msg)
    return found


def _read(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        msg = f"{path}: không đọc được (cannot be read): {error}"
        raise HistoryError(msg) from error
    if missing := [column for column in columns if column not in frame.columns]:
        msg = f"{path}: thiếu cột {', '.join(missing)} (missing columns), có {', '.join(frame.columns)}"
        raise HistoryError(msg)
    return frame


def _ms(path: Path, row: int, text: str | None) -> int:
    try:
        return round(moment(text or "").astimezone(UTC).timestamp() * 1000)
    except HistoryError as error:
        msg = f"{path}:{row}: {error}"
        raise HistoryError(msg) from error


def _number(path: Path, row: int, text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError as error:
        msg = f"{path}:{row}: {text!r} không phải số (not a number)"
        raise HistoryError(msg) from error
