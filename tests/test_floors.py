"""The floors of models/: each folder imports only what lies below it, types included; no two folders of one floor import each other."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from connectors.settings import ROOT
from tests.test_architecture import imports

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOORS = (
    ("catalogue",),
    ("envelope",),
    ("air", "fish", "lorawan", "map", "payments", "quality", "river", "stationfile", "vision", "water"),
    ("commune",),
    ("alerting",),
    ("cameras", "cap", "person", "posting", "telemetry"),
    ("places",),
    ("replay",),
)
"""From the ground up: what every stream carries, the field's rooms, configuration, alerting, the judgements of the flows."""
HEIGHT = {room: height for height, floor in enumerate(FLOORS) for room in floor}


def upwards(room: str, text: str) -> Iterator[str]:
    """What a module of `room` imports that does not lie below it."""
    for each in imports(ast.parse(text)):
        names = each.name.split(".")
        if names[0] != "models" or len(names) < 2 or names[1] == room:
            continue
        if HEIGHT[names[1]] >= HEIGHT[room]:
            yield f"line {each.line}: {room} (floor {HEIGHT[room]}) imports {names[1]} (floor {HEIGHT[names[1]]})"


def order() -> str:
    """The floors as people read them."""
    return "\n".join(f"{height}  {' · '.join(floor)}" for height, floor in enumerate(FLOORS))


@pytest.mark.parametrize("room", sorted(HEIGHT))
def test_a_room_looks_only_down(room: str) -> None:
    modules = sorted((ROOT / "models" / room).rglob("*.py"))
    found = [
        f"{path.relative_to(ROOT)} {why}"
        for path in modules
        for why in upwards(room, path.read_text(encoding="utf-8"))
    ]

    assert modules
    assert found == [], order()


def test_every_room_has_its_floor_and_no_module_stands_beside_the_rooms() -> None:
    rooms = {
        path.name for path in (ROOT / "models").iterdir() if path.is_dir() and path.name != "__pycache__"
    }
    modules = {path.name for path in (ROOT / "models").glob("*.py")}

    assert rooms == set(HEIGHT), order()
    assert modules == {"__init__.py"}


@pytest.mark.parametrize(
    ("name", "room", "text"),
    [
        ("upwards", "fish", "from models.alerting.alert import Kind"),
        (
            "upwards, for types",
            "quality",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import models.commune.place",
        ),
        ("beside", "fish", "def f():\n    from models.river.rain import sums"),
        ("the ground looks at nothing", "catalogue", "import models.envelope.period"),
    ],
)
def test_the_rule_of_floors_can_fail(name: str, room: str, text: str) -> None:
    assert len(list(upwards(room, text))) == 1, name


def circles(imported: dict[str, set[str]]) -> list[list[str]]:
    """Modules that import each other in a loop, types included (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in sorted(imported.get(module, ())):
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            place = stack.index(module)
            if len(stack) - place > 1:
                found.append(sorted(stack[place:]))
            del stack[place:]

    for module in sorted(imported):
        if module not in index:
            visit(module)
    return found


def imported_by(texts: dict[str, str]) -> dict[str, set[str]]:
    """Of each module those of `texts` that it imports: by name, or out of a package."""
    out: dict[str, set[str]] = {}
    for module, text in texts.items():
        names: set[str] = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
        out[module] = (names & texts.keys()) - {module}
    return out


def test_no_two_modules_of_the_house_import_each_other() -> None:
    texts = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
        for room in ("models", "connectors", "flows", "dashboards", "infra")
        for path in (ROOT / room).rglob("*.py")
        if path.name != "__init__.py"
    }

    assert circles(imported_by(texts)) == []


def test_the_rule_of_circles_can_fail() -> None:
    texts = {
        "a.x": "from a import y",
        "a.y": "def f():\n    from b.z import g",
        "b.z": "import a.x",
        "b.w": "import a.x",
    }

    assert circles(imported_by(texts)) == [["a.x", "a.y", "b.z"]]


def test_down_is_allowed() -> None:
    assert (
        list(upwards("alerting", "from models.envelope.period import HOUR_MS\nimport models.commune.place"))
        == []
    )
