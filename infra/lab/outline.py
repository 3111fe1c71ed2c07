"""Make the outline in infra/commune/map.geojson from a survey, which itself is never copied.

    python -m infra.lab.outline ../shared/data/map/quang_dien_19867.geojson

Reads the largest ring of the first feature, keeps the corners that matter on a screen, rounds them to some 10 m, and puts
them in the place of the outline that stands in the map. All else in the map (river, hamlets, stations) stays as it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from connectors.settings import settings
from models.map.sketch import simplified

TOLERANCE, DECIMALS = 0.0009, 4
"""Degrees: 100 m, one pixel and a half of a map of 10 km on 800 pixels; 4 decimals are 10 m."""
LICENCE = "đơn giản hóa từ ranh giới mã 19867 của bản đồ công khai các đơn vị sau sáp nhập (giấy phép MIT), sai số 100 m"


def main(survey: Annotated[Path, typer.Argument(help="GeoJSON có ranh giới (with the outline)")]) -> None:
    """Rút gọn ranh giới xã và ghi vào map.geojson (simplify the outline into map.geojson)."""
    feature = json.loads(survey.read_text(encoding="utf-8"))["features"][0]
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    ring = max((polygon[0] for polygon in polygons), key=len)
    outline = {
        "type": "Feature",
        "properties": {"role": "outline", "name": feature["properties"]["fullName"], "source": LICENCE},
        "geometry": {
            "type": "Polygon",
            "coordinates": [simplified([(x, y) for x, y in ring], TOLERANCE, DECIMALS)],
        },
    }
    path = settings().commune / "map.geojson"
    own = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"features": []}
    others = [one for one in own["features"] if one["properties"]["role"] != "outline"]
    path.write_text(written([outline, *others]), encoding="utf-8")
    typer.echo(f"{path}: {len(ring)} → {len(outline['geometry']['coordinates'][0])} điểm (points)")  # type: ignore[index]


def written(features: list[Any]) -> str:
    """One feature a line: a diff shows what moved."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    typer.run(main)
