"""The drills of a commune: the folder `drills` beside its configuration, one scenario a file. Their mistakes are named by `phusa check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from connectors.commune import ConfigurationError, Finding
from models.commune.drill import Scenario, scenario_mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.commune.configuration import Commune

FOLDER = "drills"
EXPECTED = ("một kịch bản diễn tập", "a scenario of a drill")


def scenarios(folder: Path) -> list[str]:
    """The names of the commune's scenarios."""
    return sorted(path.stem for path in (folder / FOLDER).glob("*.yaml"))


def scenario(folder: Path, name: str, commune: Commune) -> Scenario:
    """The scenario of that name; raises ConfigurationError where there is none, or one that cannot be played."""
    if name not in scenarios(folder):
        known = ", ".join(scenarios(folder)) or "không có (none)"
        msg = f"{name}: không có kịch bản này; có: {known} (no such scenario)"
        raise ConfigurationError(msg)
    found = _check(folder, name, commune)
    if isinstance(found, Scenario):
        return found
    first = found[0]
    msg = f"{first.file}:{first.line} thấy {first.found}; cần {first.expected_vi} (expected {first.expected_en}); phusa check"
    raise ConfigurationError(msg)


def check(folder: Path, commune: Commune) -> list[Finding]:
    """Every mistake of every scenario, by file and line."""
    found = [_check(folder, name, commune) for name in scenarios(folder)]
    return [finding for each in found if isinstance(each, list) for finding in each]


def _check(folder: Path, name: str, commune: Commune) -> Scenario | list[Finding]:
    file = f"{FOLDER}/{name}.yaml"
    try:
        data = YAML(typ="rt", pure=True).load((folder / file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return [Finding(file, 1, "?", "tập tin đọc được, mã UTF-8", "a readable file in UTF-8")]
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [Finding(file, 1 if mark is None else mark.line + 1, "…", "YAML đúng cú pháp", "valid YAML")]
    try:
        made = msgspec.convert(_plain(data), Scenario)
    except msgspec.ValidationError as error:
        return [Finding(file, 1, str(error), *EXPECTED)]
    return [
        Finding(file, _line(data, mistake.path), str(mistake.found), mistake.expected_vi, mistake.expected_en)
        for mistake in scenario_mistakes(made, commune)
    ] or made


def _plain(data: Any) -> Any:
    """As msgspec reads it: numbers of YAML are subclasses that remember how they were written."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    if isinstance(data, bool) or data is None:
        return data
    return next((kind(data) for kind in (int, float, str) if isinstance(data, kind)), data)


def _line(data: Any, path: Sequence[str | int]) -> int:
    """The line of what stands at `path`, else of the nearest thing around it; from 1."""
    line = 1
    for part in path:
        try:
            line = (data.lc.item(part) if isinstance(part, int) else data.lc.key(part))[0] + 1
            data = data[part]
        except (KeyError, IndexError, AttributeError, TypeError):
            break
    return line
