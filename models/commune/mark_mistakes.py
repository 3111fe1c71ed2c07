"""What is wrong in `marks.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.commune.mistake import missing, wrong
from models.telemetry.derived import RIVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.commune.configuration import Commune
    from models.commune.mistake import Mistake


def mark_mistakes(commune: Commune) -> Iterator[Mistake]:
    """Marks of no gauge, outside of what it can measure, without a name or a source, or named twice at one gauge."""
    ranges = {one.id: each for one in commune.stations for each in one.parameters if each.code == RIVER}
    stations = {one.id for one in commune.stations}
    seen: set[tuple[str, str]] = set()
    for i, one in enumerate(commune.marks):
        if one.gauge not in stations:
            yield missing(("marks", i, "gauge"), one.gauge, "stations", sorted(ranges))
        elif one.gauge not in ranges:
            yield wrong(("marks", i, "gauge"), one.gauge, f"một trạm đo {RIVER}", f"a station with {RIVER}")
        elif not ranges[one.gauge].low <= one.level <= ranges[one.gauge].high:
            text = f"{ranges[one.gauge].low:g}…{ranges[one.gauge].high:g} m"
            vi, en = f"trong dải đo của {one.gauge}: {text}", f"within the range of {one.gauge}: {text}"
            yield wrong(("marks", i, "level"), one.level, vi, en)
        for key, text in (("vi", one.vi), ("en", one.en)):
            if not text.strip():
                yield wrong(("marks", i, key), '""', "một cái tên", "a name")
        if not one.source.strip():
            vi, en = "nguồn, hoặc `assumed` nếu chưa ai đo", "a source, or `assumed` where nobody has measured"
            yield wrong(("marks", i, "source"), '""', vi, en)
        if (one.gauge, one.vi) in seen:
            yield wrong(("marks", i, "vi"), one.vi, "mỗi mốc một lần ở mỗi trạm", "each mark once a gauge")
        seen.add((one.gauge, one.vi))
