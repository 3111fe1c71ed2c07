"""The ground of the map: outline, river and hamlets of the commune's own sketch, as SVG and as points that SQL may draw at.

From infra/commune/map.geojson (models/map/sketch.py), put into the screen when it is made; a commune that changes its map makes its
screens anew (`python -m dashboards --write`, or `phusa grafana apply`).
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from connectors import commune
from models.map.sketch import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.map.sketch import Position

COMMUNE = Path(__file__).resolve().parent.parent / "infra" / "commune"
WIDTH, HEIGHT, MARGIN, NAMES = 900, 366, 40, 350
STYLE = {
    "outline": 'fill="#26292e" stroke="#5f6368" stroke-width="2"',
    "river": 'fill="none" stroke="#3f6b8c" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"',
}


def fills(folder: Path = COMMUNE) -> dict[str, str]:
    """What sql/wall_map.sql leaves open, from the configuration in `folder`."""
    sketch = read(json.loads((folder / "map.geojson").read_text(encoding="utf-8")))
    configured = commune.load(folder)
    positions = [
        *((station.longitude, station.latitude) for station in configured.stations),
        *((camera.longitude, camera.latitude) for camera in configured.cameras),
    ]
    placed = [(x, y) for x, y in positions if x is not None and y is not None]
    scale, left, top = _frame([*placed, *(spot.at for spot in sketch.spots)] or list(sketch.points))
    stretch = math.cos(math.radians(top))

    def at(position: Position) -> tuple[float, float]:
        return round((position[0] - left) * scale * stretch, 1), round((top - position[1]) * scale, 1)

    ground = "".join(
        f'<path {STYLE[line.role]} d="M{"L".join(f"{x} {y}" for x, y in map(at, line.points))}"/>'
        for line in sketch.lines
    )
    spots = [
        f"('{_quoted(spot.role)}', '{_quoted(spot.code)}', {at(spot.at)[0]}, {at(spot.at)[1]})"
        for spot in sketch.spots
    ]
    return {
        "ground": _quoted(ground),
        "spots": ", ".join(spots or ["(null, null, null::float8, null::float8)"]),
        "x_of": f"round(((p.longitude - {left:.6f}) * {scale * stretch:.3f})::numeric, 1)::float8",
        "y_of": f"round((({top:.6f} - p.latitude) * {scale:.3f})::numeric, 1)::float8",
        "width": str(WIDTH),
        "height": str(HEIGHT),
    }


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _frame(points: Sequence[Position]) -> tuple[float, float, float]:
    """Pixels a degree of latitude, and the longitude and latitude of the left upper corner: the points fill the picture.

    Those are stations, cameras and hamlets, not the outline: a commune is much larger than where its stations stand.
    """
    if not points:
        return 1.0, 0.0, 0.0
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    stretch = math.cos(math.radians((south + north) / 2))
    # Names of places stand at the right.
    scale = min(
        (WIDTH - 2 * MARGIN - NAMES) / max((east - west) * stretch, 1e-4),
        (HEIGHT - 2 * MARGIN) / max(north - south, 1e-4),
    )
    return scale, west - MARGIN / (scale * stretch), (north + south) / 2 + HEIGHT / 2 / scale
