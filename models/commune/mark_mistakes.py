"""What is wrong in `marks.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.derived import RIVER
from models.envelope.mistake import missing, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.commune.configuration import Commune, Parameter
    from models.envelope.mistake import Mistake
    from models.river.marks import Mark


def mark_mistakes(commune: Commune) -> Iterator[Mistake]:
    """Marks of no gauge, outside of what it can measure, without a name or a source, or named twice at one gauge."""
    ranges = {one.id: each for one in commune.stations for each in one.parameters if each.code == RIVER}
    stations = {one.id for one in commune.stations}
    seen: set[tuple[str, str]] = set()
    for i, one in enumerate(commune.marks):
        if one.gauge in ranges:
            yield from _level(i, one, ranges[one.gauge])
        elif one.gauge not in {gauge for gauge, _ in seen}:
            # Once a gauge: its other marks only follow.
            path = ("marks", i, "gauge")
            known = one.gauge in stations
            yield (
                wrong(path, one.gauge, f"một trạm đo {RIVER}", f"a station with {RIVER}")
                if known
                else missing(path, one.gauge, "stations", sorted(ranges))
            )
        yield from _words(i, one)
        if (one.gauge, one.vi) in seen:
            yield wrong(("marks", i, "vi"), one.vi, "mỗi mốc một lần ở mỗi trạm", "each mark once a gauge")
        seen.add((one.gauge, one.vi))


def _level(i: int, one: Mark, within: Parameter) -> Iterator[Mistake]:
    if within.low < within.high and not within.low <= one.level <= within.high:
        text = f"{within.low:g}…{within.high:g} m"
        vi, en = f"trong dải đo của {one.gauge}: {text}", f"within the range of {one.gauge}: {text}"
        yield wrong(("marks", i, "level"), one.level, vi, en)


def _words(i: int, one: Mark) -> Iterator[Mistake]:
    for key, text in (("vi", one.vi), ("en", one.en)):
        if not text.strip():
            yield wrong(("marks", i, key), '""', "một cái tên", "a name")
    if not one.source.strip():
        vi, en = "nguồn, hoặc `assumed` nếu chưa ai đo", "a source, or `assumed` where nobody has measured"
        yield wrong(("marks", i, "source"), '""', vi, en)
