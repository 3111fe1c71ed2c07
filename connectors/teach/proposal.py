"""What was drawn, as it would stand in cameras.yaml: shown to the administrator, written only when asked and only if all of it is right."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from connectors import commune

if TYPE_CHECKING:
    from connectors.commune import Finding
    from models.vision.camera import Camera, Zone

FILE = "cameras.yaml"
_DEFAULTS: dict[str, Any] = {"without": [], "levels": [], "marks": [], "board": None, "hold_s": 60}


def snippet(camera: Camera) -> str:
    """The camera's `zones` and `ground`, as YAML."""
    out = io.StringIO()
    _yaml().dump(_entry(camera), out)
    return out.getvalue()


def write(folder: Path, camera: Camera) -> list[Finding]:
    """Put the camera's zones and ground into the folder's cameras.yaml, comments kept; what would be wrong is named and nothing is written."""
    path = folder / FILE
    yaml = _yaml()
    data = yaml.load(path.read_text(encoding="utf-8"))
    entry = next(each for each in data["cameras"] if each["id"] == camera.id)
    for key, value in _entry(camera).items():
        entry[key] = value
    out = io.StringIO()
    yaml.dump(data, out)
    with tempfile.TemporaryDirectory() as beside:
        copy = Path(beside) / "commune"
        shutil.copytree(folder, copy)
        (copy / FILE).write_text(out.getvalue(), encoding="utf-8")
        found = commune.check(copy)
    if not found:
        # Beside and then renamed: nobody reads half a file.
        part = path.with_suffix(".yaml.part")
        part.write_text(out.getvalue(), encoding="utf-8")
        part.replace(path)
    return found


def _entry(camera: Camera) -> CommentedMap:
    entry = CommentedMap()
    if camera.ground is not None:
        entry["ground"] = _plain(msgspec.to_builtins(camera.ground))
    entry["zones"] = _plain([_zone(zone) for zone in camera.zones])
    return entry


def _zone(zone: Zone) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(zone)
    return {key: value for key, value in made.items() if key not in _DEFAULTS or value != _DEFAULTS[key]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return CommentedMap({key: _plain(each) for key, each in value.items()})
    if isinstance(value, list | tuple):
        found = CommentedSeq([_plain(each) for each in value])
        if all(isinstance(each, int | float | list) for each in value):
            found.fa.set_flow_style()
        return found
    return round(value, 4) if isinstance(value, float) else value


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 140
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
