"""What is wrong in `quality.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.mistake import Mistake, Path, missing, more_than, stands, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.envelope.known import Known
    from models.quality.settings import Quality


def quality_mistakes(settings: Sequence[Quality], *, known: Known) -> Iterator[Mistake]:
    """Settings for what nobody measures, settings that stand twice, limits in the wrong order.

    Of `known` it asks what the stations measure.
    """
    stations = {station.id: station.codes for station in known.stations}
    measured = frozenset[str]().union(*(station.codes for station in known.stations))
    taken: set[tuple[str, str]] = set()
    for i, setting in enumerate(settings):
        path: Path = ("quality", i)
        at = (*path, "parameter")
        if setting.parameter not in measured:
            text = f"thông số của một trạm: {', '.join(sorted(measured)) or '–'}"
            en = "a parameter that a station measures"
            yield wrong(at, setting.parameter, text, en, ("stations", ""))
        yield from _stations(path, setting, stations)
        for code in setting.stations or [""]:
            if (setting.parameter, code) in taken:
                yield wrong(at, setting.parameter, "mỗi cảm biến chỉ một lần", "each sensor only once")
            taken.add((setting.parameter, code))
        if setting.neighbour is not None:
            where = (*path, "neighbour", "station")
            yield from stands(where, setting.neighbour.station, "stations", sorted(stations))
        yield from _order(path, setting)


def _stations(path: Path, setting: Quality, stations: Mapping[str, frozenset[str]]) -> Iterator[Mistake]:
    for j, code in enumerate(setting.stations):
        where = (*path, "stations", j)
        if code not in stations:
            yield missing(where, code, "stations", sorted(stations))
        elif setting.parameter not in stations[code]:
            text = ", ".join(sorted(stations[code])) or "–"
            vi = f"trạm đo {setting.parameter}; {code} đo: {text}"
            yield wrong(where, code, vi, f"a station with {setting.parameter}; {code}: {text}")


def _order(path: Path, setting: Quality) -> Iterator[Mistake]:
    """What fails lies beyond what is suspect."""
    pairs: list[tuple[Path, float | None, float | None]] = [
        (("typical_high",), setting.typical_low, setting.typical_high)
    ]
    if setting.spike is not None:
        pairs.append((("spike", "fail"), setting.spike.suspect, setting.spike.fail))
    if setting.rate is not None:
        pairs.append((("rate", "fail"), setting.rate.suspect, setting.rate.fail))
    if setting.flat is not None:
        pairs.append((("flat", "fail_s"), setting.flat.suspect_s, setting.flat.fail_s))
    for where, low, high in pairs:
        if low is not None and high is not None and high <= low:
            yield more_than((*path, *where), float(high), f"{low:g}")
