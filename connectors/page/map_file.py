"""The file map.geojson of the commune: read for the page, checked by `phusa check`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import structlog

from connectors.commune import Finding
from models.map.sketch import Sketch, mistakes, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from models.commune.configuration import Commune

log = structlog.get_logger(__name__)

NAME = "map.geojson"


def sketch_of(folder: Path) -> Sketch:
    """The map in the commune's folder; without one, or unreadable, the page lists places instead of drawing them."""
    data, line = _content(folder / NAME)
    if data is None:
        log.warning("no_map", file=NAME, line=line)
        return Sketch()
    for mistake in mistakes(data):
        log.warning("map_feature_left_out", feature=mistake.feature, found=mistake.found, expected=mistake.en)
    return read(data)


def check(folder: Path, commune: Commune) -> list[Finding]:
    """Every mistake of the map with its line; a commune without a map has none."""
    path = folder / NAME
    if not path.exists():
        return []
    data, line = _content(path)
    if data is None:
        return [Finding(NAME, line, "…", "JSON đúng cú pháp, mã UTF-8", "valid JSON in UTF-8")]
    known = {"hamlet": {hamlet.code for hamlet in commune.hamlets}}
    lines = _lines(path.read_text(encoding="utf-8"))
    return [
        Finding(
            NAME,
            1 if mistake.feature is None else lines.get(mistake.feature, 1),
            mistake.found,
            mistake.vi,
            mistake.en,
        )
        for mistake in mistakes(data, known)
    ]


def _content(path: Path) -> tuple[Any, int]:
    """What the file holds, or None and the line where it breaks."""
    try:
        return json.loads(path.read_text(encoding="utf-8")), 1
    except json.JSONDecodeError as error:
        return None, error.lineno
    except (OSError, UnicodeDecodeError):
        return None, 1


def _lines(text: str) -> dict[int, int]:
    """The line on which each feature begins."""
    found: dict[int, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for _ in range(line.count('"Feature"')):
            found[len(found)] = number
    return found


def geojson(sketch: Sketch, hamlets: Mapping[str, str]) -> dict[str, object]:
    """The sketch as it is drawn, with the hamlets that exist."""
    lines: list[dict[str, object]] = [
        {
            "type": "Feature", "properties": {"role": line.role, "name": line.name, "source": line.source},
            "geometry": {"type": "Polygon", "coordinates": [line.points]} if line.role == "outline" else {"type": "LineString", "coordinates": line.points},
        }
        for line in sketch.lines
    ]  # fmt: skip
    spots: list[dict[str, object]] = [
        {
            "type": "Feature", "properties": {"role": spot.role, "code": spot.code, "name": hamlets.get(spot.code, spot.code), "source": spot.source},
            "geometry": {"type": "Point", "coordinates": spot.at},
        }
        for spot in sketch.spots
        if spot.role != "hamlet" or spot.code in hamlets
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": [*lines, *spots]}
