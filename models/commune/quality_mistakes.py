"""What is wrong in `quality.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.mistake import Mistake, Path, missing, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.commune.configuration import Commune
    from models.quality.settings import Quality


def quality_mistakes(commune: Commune) -> Iterator[Mistake]:
    """Settings for what nobody measures, settings that stand twice, limits in the wrong order."""
    stations = {one.id: {each.code for each in one.parameters} for one in commune.stations}
    measured = {each.code for one in commune.stations for each in one.parameters}
    taken: set[tuple[str, str]] = set()
    for i, one in enumerate(commune.quality):
        path: Path = ("quality", i)
        if one.parameter not in measured:
            text = f"thông số của một trạm: {', '.join(sorted(measured)) or '–'}"
            en = "a parameter that a station measures"
            yield wrong((*path, "parameter"), one.parameter, text, en, ("stations", ""))
        for j, code in enumerate(one.stations):
            if code not in stations:
                yield missing((*path, "stations", j), code, "stations", sorted(stations))
            elif one.parameter not in stations[code]:
                text = ", ".join(sorted(stations[code])) or "–"
                vi, en = (
                    f"trạm đo {one.parameter}; {code} đo: {text}",
                    f"a station with {one.parameter}; {code}: {text}",
                )
                yield wrong((*path, "stations", j), code, vi, en)
        for code in one.stations or [""]:
            if (one.parameter, code) in taken:
                yield wrong(
                    (*path, "parameter"), one.parameter, "mỗi cảm biến chỉ một lần", "each sensor only once"
                )
            taken.add((one.parameter, code))
        if one.neighbour is not None and one.neighbour.station not in stations:
            yield missing(
                (*path, "neighbour", "station"), one.neighbour.station, "stations", sorted(stations)
            )
        yield from _order(path, one)


def _order(path: Path, one: Quality) -> Iterator[Mistake]:
    pairs: list[tuple[Path, float | None, float | None]] = [
        (("typical_high",), one.typical_low, one.typical_high)
    ]
    if one.spike is not None:
        pairs.append((("spike", "fail"), one.spike.suspect, one.spike.fail))
    if one.rate is not None:
        pairs.append((("rate", "fail"), one.rate.suspect, one.rate.fail))
    if one.flat is not None:
        pairs.append((("flat", "fail_s"), one.flat.suspect_s, one.flat.fail_s))
    for where, low, high in pairs:
        if low is not None and high is not None and high <= low:
            yield wrong((*path, *where), float(high), f"lớn hơn {low:g}", f"more than {low:g}")
