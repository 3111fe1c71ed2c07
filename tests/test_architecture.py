"""The rooms of the house: who may import whom, who may touch the world, how long a module may be.

Imports are read from the text (ast), so a rule also holds for what no test runs.
"""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from connectors.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOMS = ("models", "connectors", "flows", "dashboards", "infra", "notebooks")
MAY_IMPORT = {
    "models": {"models"},
    "connectors": {"connectors", "models"},
    "flows": {"flows", "connectors", "models"},
    "dashboards": {"dashboards", "connectors", "models"},
    "notebooks": {"notebooks", "connectors", "models"},
    "infra": set(ROOMS),
}
"""design.md: imports only ever point towards `models/`; notebooks import, nobody imports them."""
INFRA_MAY_IMPORT = {
    "run": {"run"},
    "deploy": set(),
    "rehearsal": {"rehearsal", "run"},
    "lab": {"lab", "rehearsal", "run"},
}
"""Of the five rooms of infra/ those with code; commune/ is the example's configuration."""
PURE_LIBRARIES = {"msgspec", "jinja2"}
"""Libraries that only compute."""
VISION_ROOM = ("models", "vision")
VISION_LIBRARIES = {"numpy", "cv2", "openvino", "openvino_telemetry"}
"""Pixels are arrays: only the rooms of pictures may have them."""
_WORLD = """
asyncio ctypes fcntl ftplib getpass glob http imaplib importlib io logging mmap multiprocessing
os platform random secrets select selectors shutil signal smtplib socket socketserver sqlite3
ssl subprocess sys tempfile threading time urllib uuid xmlrpc
"""
WORLD = frozenset(_WORLD.split())
"""Modules of the standard library that see the clock, chance, the system or the network."""
_WORLD_CALLS = """
__import__ breakpoint eval exec exists glob input is_dir is_file iterdir mkdir now open print
read_bytes read_text rglob stat today unlink utcnow write_bytes write_text
"""
WORLD_CALLS = frozenset(_WORLD_CALLS.split())
"""Calls by name that touch the world: of the built-ins, of datetime, of pathlib."""
HEAVY = {"torch", "torchvision", "ultralytics", "cv2"}
"""Seconds to import and not in the core installation: never at the top of a module."""
HEAVY_ROOMS = (
    ("models", "vision"),
    ("connectors", "cameras"),
    ("infra", "rehearsal", "simulator", "scene"),
    ("infra", "lab", "bench", "watching.py"),
    ("infra", "lab", "measure", "seeing"),
    ("infra", "rehearsal", "demo", "bad_frames.py"),
)
"""Rooms of frames, which the core never loads; there a module may begin with them."""
CLOCK_READERS = {
    "time.time",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time_ns",
}
MAY_READ_THE_CLOCK = {
    ("connectors", "clock.py"),
}
LONGEST = 300


class Import(NamedTuple):
    """An imported module; `top`: when the module is loaded, neither in a function nor for types only."""

    name: str
    line: int
    top: bool
    typing_only: bool

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]


def imports(tree: ast.AST, *, top: bool = True, typing_only: bool = False) -> Iterator[Import]:
    """All imports below `tree`, by absolute name; a relative import is named with its dots."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(name.name, node.lineno, top, typing_only) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield Import("." * node.level + (node.module or ""), node.lineno, top, typing_only)
        elif isinstance(node, ast.If) and _asks_for_types(node.test):
            for one in node.body:
                yield from imports(ast.Module([one], []), top=False, typing_only=True)
            for one in node.orelse:
                yield from imports(ast.Module([one], []), top=top, typing_only=typing_only)
        else:
            inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imports(node, top=top and not inside, typing_only=typing_only)


def _asks_for_types(test: ast.expr) -> bool:
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Dotted name and line of each call; only the last two parts of the name are kept."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node.lineno
            elif isinstance(node.func, ast.Attribute):
                owner = ast.unparse(node.func.value).rpartition(".")[2]
                yield f"{owner}.{node.func.attr}", node.lineno


def wrong(parts: tuple[str, ...], text: str) -> list[str]:
    """What the module at `parts` (its path below the root) does that its room does not allow."""
    tree = ast.parse(text)
    where = "/".join(parts)
    found = [*_wrong_imports(parts, tree), *_wrong_in_infra(parts, tree), *_wrong_calls(parts, tree)]
    if len(text.splitlines()) > LONGEST:
        found.append((LONGEST, f"more than {LONGEST} lines"))
    return [f"{where}:{line}: {why}" for line, why in found]


def _wrong_imports(parts: tuple[str, ...], tree: ast.Module) -> Iterator[tuple[int, str]]:
    room = parts[0]
    for one in imports(tree):
        if one.name.startswith("."):
            yield one.line, "a relative import hides where it points"
        elif one.package in {*ROOMS, "tests"} - MAY_IMPORT[room]:
            yield one.line, f"{room} imports {one.package}"
        elif room == "models" and not one.typing_only and not _pure(parts, one):
            yield one.line, f"models imports {one.name}"
        if one.top and one.package in HEAVY and not any(parts[: len(room)] == room for room in HEAVY_ROOMS):
            yield one.line, f"{one.package} at the top of a module"


def _wrong_in_infra(parts: tuple[str, ...], tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Production imports no rehearsal and no laboratory; a rehearsal no laboratory. `infra/phusa.py` stands above all."""
    if parts[0] != "infra" or len(parts) < 3:
        return
    for each in imports(tree):
        names = each.name.split(".")
        if names[0] == "infra" and len(names) > 1 and names[1] not in INFRA_MAY_IMPORT.get(parts[1], set()):
            yield each.line, f"infra/{parts[1]} imports {'.'.join(names[:2])}"


def _pure(parts: tuple[str, ...], one: Import) -> bool:
    if one.package in {"models", *PURE_LIBRARIES}:
        return True
    if parts[:2] == VISION_ROOM and one.package in VISION_LIBRARIES | HEAVY:
        return True
    return one.package in sys.stdlib_module_names - WORLD


def _wrong_calls(parts: tuple[str, ...], tree: ast.Module) -> Iterator[tuple[int, str]]:
    for name, line in calls(tree):
        if parts[0] == "models" and name.rpartition(".")[2] in WORLD_CALLS:
            yield line, f"models calls {name}"
        # All else asks connectors/clock.py, so that a replay can move time.
        elif (
            parts[0] in {"connectors", "flows"} and parts not in MAY_READ_THE_CLOCK and name in CLOCK_READERS
        ):
            yield line, f"{name} beside connectors/clock.py"


def modules() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_keeps_to_its_room(path: Path) -> None:
    assert wrong(path.relative_to(ROOT).parts, path.read_text(encoding="utf-8")) == []


def test_infra_has_its_five_rooms_and_beside_them_only_the_command_line() -> None:
    code = {path.relative_to(ROOT).parts[1] for path in (ROOT / "infra").rglob("*.py")}

    assert code - {"__init__.py", "phusa.py"} <= set(INFRA_MAY_IMPORT)
    assert (ROOT / "infra" / "commune" / "commune.yaml").is_file()


def test_every_room_is_looked_at() -> None:
    seen = {path.relative_to(ROOT).parts[0] for path in modules()}

    assert seen == set(ROOMS)


FAULTS = [
    (
        "models reads the clock",
        "models/a.py",
        "from datetime import datetime\nx = datetime.now()",
        "datetime.now",
    ),
    (
        "models reads the clock by another name",
        "models/a.py",
        "import datetime as d\nd.datetime.now(d.UTC)",
        "now",
    ),
    ("models imports time", "models/a.py", "import time", "models imports time"),
    (
        "models imports time within a function",
        "models/a.py",
        "def f():\n    from time import time",
        "imports time",
    ),
    ("models opens a file", "models/a.py", "with open('x') as f: pass", "models calls open"),
    ("models reads a file", "models/a.py", "import pathlib\npathlib.Path('x').read_text()", "read_text"),
    ("models asks the network", "models/a.py", "import requests", "models imports requests"),
    (
        "models asks the network within a package",
        "models/b/a.py",
        "from urllib.request import urlopen",
        "urllib",
    ),
    ("models throws dice", "models/a.py", "import random", "models imports random"),
    (
        "models imports a connector",
        "models/a.py",
        "from connectors.clock import system",
        "models imports connectors",
    ),
    (
        "models imports a connector for types",
        "models/a.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from connectors import clock",
        "models imports connectors",
    ),
    (
        "models imports Bytewax",
        "models/a.py",
        "import bytewax.operators as op",
        "models imports bytewax.operators",
    ),
    ("models imports arrays outside vision", "models/telemetry/a.py", "import numpy", "models imports numpy"),
    ("connectors import a flow", "connectors/a.py", "import flows.telemetry", "connectors imports flows"),
    (
        "connectors import infra",
        "connectors/a.py",
        "def f():\n    from infra.run.cli import main",
        "connectors imports infra",
    ),
    (
        "connectors read the clock beside the clock",
        "connectors/a.py",
        "import time\ntime.time()",
        "time.time beside",
    ),
    ("flows import infra", "flows/a.py", "from infra.run.stack import up", "flows imports infra"),
    ("flows import a screen", "flows/a.py", "from dashboards import style", "flows imports dashboards"),
    (
        "flows read the clock",
        "flows/a.py",
        "from datetime import datetime\ndatetime.now()",
        "datetime.now beside",
    ),
    ("dashboards import infra", "dashboards/a.py", "import infra", "dashboards imports infra"),
    ("dashboards import a flow", "dashboards/a.py", "import flows", "dashboards imports flows"),
    ("notebooks import a flow", "notebooks/a.py", "import flows", "notebooks imports flows"),
    (
        "a connector imports a notebook",
        "connectors/a.py",
        "import notebooks.first_look",
        "connectors imports notebooks",
    ),
    ("a room imports the tests", "infra/a.py", "from tests.builders import rule", "infra imports tests"),
    (
        "production imports a rehearsal",
        "infra/run/a.py",
        "def f():\n    from infra.rehearsal.demo import play",
        "infra/run imports infra.rehearsal",
    ),
    (
        "a rehearsal imports the laboratory",
        "infra/rehearsal/a.py",
        "import infra.lab.bench.run",
        "infra/rehearsal imports infra.lab",
    ),
    ("a relative import", "models/a.py", "from . import b", "relative"),
    ("torch at the top", "infra/a.py", "import torch", "torch at the top"),
    (
        "cv2 at the top, in a try",
        "flows/a.py",
        "try:\n    import cv2\nexcept ImportError:\n    cv2 = None",
        "cv2 at the top",
    ),
    (
        "ultralytics in a class",
        "connectors/a.py",
        "class A:\n    from ultralytics import YOLO",
        "ultralytics at",
    ),
    ("too long", "infra/a.py", "\n" * 301, "more than 300 lines"),
]


@pytest.mark.parametrize(("name", "path", "text", "told"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_the_rule_can_fail(name: str, path: str, text: str, told: str) -> None:
    found = wrong(tuple(path.split("/")), text)

    assert len(found) == 1, name
    assert found[0].startswith(f"{path}:")
    assert told in found[0]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "models/a.py",
            "import msgspec\nimport jinja2\nfrom datetime import date\nfrom models.envelope.rejected import Reason",
        ),
        ("models/vision/a.py", "import numpy\nimport cv2"),
        ("connectors/clock.py", "import time\ntime.time()"),
        ("connectors/a.py", "import time\ntime.monotonic()\nimport models.envelope.rejected"),
        ("flows/a.py", "import connectors.clock\nimport models.envelope.rejected\nimport bytewax"),
        ("infra/a.py", "import flows.telemetry\ndef f():\n    import torch"),
        ("infra/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch"),
        ("infra/a.py", "\n" * 300),
    ],
)
def test_what_is_allowed_is_not_blamed(path: str, text: str) -> None:
    assert wrong(tuple(path.split("/")), text) == []
