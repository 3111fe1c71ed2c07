"""There is one list a kind of thing: a second one outside models/catalogue is found in the text, and told.

A literal (dict by its keys, list, tuple or set) that names four or more parameters, kinds, units, flags or reasons is a list of them.
What is no list of names but figures of a standard or physics of a simulator, keyed by them, stands in ALLOWED with its reason.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from connectors.settings import ROOT
from models.catalogue.flags import Flag
from models.catalogue.kinds import Kind
from models.catalogue.parameters import PARAMETERS
from models.catalogue.reasons import Reason
from models.catalogue.states import State
from models.catalogue.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOMS = ("models", "connectors", "flows", "dashboards", "infra", "notebooks")
LEAST = 4
SHORT = frozenset({"m", "s", "h", "1", "C", "F", "K", "in", "%"})
"""Units that are also words of other things."""
ENUMS = {"Kind": Kind, "Flag": Flag, "Reason": Reason, "State": State}
CODES = {
    "parameters": set(PARAMETERS), "kinds": {one.value for one in Kind}, "units": set(UNITS) - SHORT,
    "states": {one.value for one in State} - {"normal", "silent", "blind", "untrusted"},
}  # fmt: skip
ALLOWED = {
    ("models/water/quality.py", "parameters"): "limits of QCVN 08",
    ("models/water/wqi.py", "parameters"): "breakpoints and groups of VN_WQI",
    ("models/telemetry/water.py", "parameters"): "what VN_WQI leaves out",
    ("models/quality/checks.py", "flags"): "names for flags, one by one",
    ("models/payments/contract.py", "reasons"): "what each provider answers to a refusal",
    ("models/places/kinds.py", "states"): "the state of each level",
    ("models/places/saying.py", "kinds"): "why a place is not known, one by one",
    ("connectors/page/shapes.py", "states"): "the drawing of each shape",
    ("dashboards/style.py", "states"): "names for colours, one by one",
    ("infra/rehearsal/simulator/signals.py", "parameters"): "what the storm day can play",
    ("infra/rehearsal/simulator/garbage.py", "units"): "units that are wrong on purpose",
    ("infra/rehearsal/recordings/replay.py", "parameters"): "what is drawn first of a stranger's file",
    ("infra/rehearsal/demo/gallery.py", "parameters"): "which picture a parameter stands on",
}
"""(file, list) -> why it is none."""


def lists(text: str) -> Iterator[tuple[int, str]]:
    """Line and name of what is a second list of the catalogue's."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Dict):
            parts = [*node.keys]
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            parts = [*node.elts]
        else:
            continue
        named = {
            part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)
        }
        members = [
            (part.value.id, part.attr)
            for part in parts
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name)
        ]
        for what, codes in CODES.items():
            if len(named & codes) >= LEAST:
                yield node.lineno, what
        for name, of in ENUMS.items():
            if len({each for owner, each in members if owner == name and each in of.__members__}) >= LEAST:
                yield node.lineno, f"{name.casefold()}s"


def found() -> dict[tuple[str, str], list[int]]:
    """All of them in the house, by file and list."""
    seen: dict[tuple[str, str], list[int]] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith("models/catalogue/"):
                for line, what in lists(path.read_text(encoding="utf-8")):
                    seen.setdefault((name, what), []).append(line)
    return seen


def test_there_is_no_second_list_outside_the_catalogue() -> None:
    assert {where: lines for where, lines in found().items() if where not in ALLOWED} == {}


def test_what_is_allowed_is_there() -> None:
    assert set(ALLOWED) - set(found()) == set()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("words of parameters", "A = {'rain': 1, 'ph': 2, 'no2': 3, 'co': 4}", "parameters"),
        ("codes of parameters", "A = ('rain', 'ph', 'no2', 'co')", "parameters"),
        ("kinds by code", "A = {'river', 'oxygen', 'air', 'silent'}", "kinds"),
        ("kinds by member", "A = [Kind.RIVER, Kind.RAIN, Kind.FLOOD, Kind.AIR]", "kinds"),
        ("units", "A = {'mg/L': 1, 'ug/m3': 0, 'NTU': 0, 'px': 0}", "units"),
        ("flags", "A = {Flag.GOOD: 1, Flag.FAIL: 2, Flag.SUSPECT: 3, Flag.MISSING: 4}", "flags"),
        (
            "reasons",
            "A = {Reason.FUTURE: 1, Reason.EMPTY: 2, Reason.NOT_JSON: 3, Reason.TOO_BIG: 4}",
            "reasons",
        ),
        ("states", "A = {State.NORMAL: 1, State.WATCH: 2, State.WARNING: 3, State.DANGER: 4}", "states"),
    ],
)
def test_a_second_list_is_told(name: str, text: str, told: str) -> None:
    assert [what for _, what in lists(text)] == [told], name


def test_three_of_a_kind_are_no_list() -> None:
    assert list(lists("A = ('rain', 'ph', 'no2')\nB = {'rain': 1, 'x': 2, 'y': 3, 'z': 4}")) == []
