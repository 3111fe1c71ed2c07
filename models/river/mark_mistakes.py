"""What is wrong in `marks.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.derived import RIVER
from models.envelope.mistake import filled, missing, out_of_range, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.envelope.known import Known
    from models.envelope.mistake import Mistake
    from models.river.marks import Mark


def mark_mistakes(marks: Sequence[Mark], *, known: Known) -> Iterator[Mistake]:
    """Marks of no gauge, outside of what it can measure, without a name or a source, or named twice at one gauge.

    Of `known` it asks which stations measure the river's level, and in which range (m).
    """
    ranges = {
        station.id: measured
        for station in known.stations
        for measured in station.measures
        if measured.code == RIVER
    }
    stations = {station.id for station in known.stations}
    seen: set[tuple[str, str]] = set()
    for i, mark in enumerate(marks):
        path = ("marks", i)
        if mark.gauge in ranges:
            measured = ranges[mark.gauge]
            if measured.low < measured.high and not measured.low <= mark.level <= measured.high:
                text = f"{mark.gauge}: {measured.low:g}…{measured.high:g} m"
                yield out_of_range((*path, "level"), mark.level, text)
        elif mark.gauge not in {gauge for gauge, _ in seen}:
            # Once a gauge: its other marks only follow.
            where = (*path, "gauge")
            if mark.gauge in stations:
                yield wrong(where, mark.gauge, f"một trạm đo {RIVER}", f"a station with {RIVER}")
            else:
                yield missing(where, mark.gauge, "stations", sorted(ranges))
        yield from filled((*path, "vi"), mark.vi)
        yield from filled((*path, "en"), mark.en)
        vi, en = "nguồn, hoặc `assumed` nếu chưa ai đo", "a source, or `assumed` where nobody has measured"
        yield from filled((*path, "source"), mark.source, vi, en)
        if (mark.gauge, mark.vi) in seen:
            yield wrong((*path, "vi"), mark.vi, "mỗi mốc một lần ở mỗi trạm", "each mark once a gauge")
        seen.add((mark.gauge, mark.vi))
