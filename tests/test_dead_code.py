"""No rule lives for its own test alone: each public name of models/ is used by something that runs.

Read from the text (ast): used is what its own module reads, what another module imports by name, and, of a module that is handed on as a
whole (a provider in a registry), any of its names that is read as an attribute somewhere.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pytest

from connectors.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOMS = ("models", "connectors", "flows", "dashboards", "infra", "notebooks")
FOR_TESTS = {
    "ladder.ladder": "says in Python what the SQL function ladder_at says of the store; a test holds them equal",
    "ladder.next_rung": "the question that the ladder's test asks",
    "marks.ASSUMED": "the word by which marks.yaml names a source that is none",
    "event.PaymentRecord": "all that may stand on the topic payments, for decoding it",
    "vietqr.made": "the QR text of an account, for a page that shows one; the facts' samples hold it",
    "vietqr.read": "the other way round",
}
"""Names that nothing else uses, each with its reason."""


class Uses(NamedTuple):
    """What modules take of one another: (module, name) imported or read, names read as attributes, modules imported whole."""

    named: set[tuple[str, str]]
    attributes: set[str]
    whole: set[str]


def uses(texts: Mapping[str, str]) -> Uses:
    found = Uses(set(), set(), set())
    for text in texts.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    found.named.add((node.module, alias.name))
                    found.whole.add(f"{node.module}.{alias.name}")
            elif isinstance(node, ast.Import):
                found.whole.update(alias.name for alias in node.names)
            elif isinstance(node, ast.Attribute):
                found.attributes.add(node.attr)
    return found


def public(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Functions, classes and constants at the top of a module."""
    for node in tree.body:
        names: list[str] = []
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        yield from ((name, node) for name in names if not name.startswith("_"))


def read_inside(tree: ast.Module) -> dict[str, set[ast.stmt]]:
    """By name: the statements at the top of the module in which it is read, also in a type written as text."""
    found: dict[str, set[ast.stmt]] = defaultdict(set)
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found[node.id].add(statement)
    return found


def dead(texts: Mapping[str, str], room: str = "models") -> list[str]:
    """module.name of what nothing uses; `texts` are those of all modules that run, by their dotted names."""
    used, found = uses(texts), []
    for module, text in texts.items():
        if module.partition(".")[0] != room:
            continue
        tree = ast.parse(text)
        inside = read_inside(tree)
        for name, node in public(tree):
            handed_on = module in used.whole and name in used.attributes
            if (module, name) not in used.named and not inside[name] - {node} and not handed_on:
                found.append(f"{module}.{name}")
    return found


def test_every_rule_is_used_by_something_that_runs() -> None:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    texts = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.read_text(
            "utf-8"
        )
        for path in paths
    }

    assert [name for name in dead(texts) if not name.endswith(tuple(f".{test}" for test in FOR_TESTS))] == []


CASES = [
    pytest.param({"models.a": "def f(): ..."}, ["models.a.f"], id="nobody calls it"),
    pytest.param({"models.a": "def f(): f()"}, ["models.a.f"], id="it calls itself alone"),
    pytest.param({"models.a": "LIMIT = 1\nclass A: ..."}, ["models.a.LIMIT", "models.a.A"], id="constant, class"),
    pytest.param({"models.a": "LIMIT = 1\ndef _f(): return LIMIT"}, [], id="its own module reads it"),
    pytest.param({"models.a": "def f(): ...", "flows.b": "from models.a import f"}, [], id="imported"),
    pytest.param({"models.a": "def f(): ...", "flows.b": "from models import a\na.f()"}, [], id="by its module"),
    pytest.param(
        {"models.a": "def f(): ...", "models.c": "from models import a\nALL = [a]", "flows.b": "from models.c import ALL\nALL[0].f()"},
        [],
        id="by a registry",
    ),
    pytest.param({"models.a": "def f(): ...", "flows.b": "x.f()"}, ["models.a.f"], id="a method of that name"),
    pytest.param({"flows.a": "def f(): ..."}, [], id="no rule"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "found"), CASES)
def test_what_is_dead(texts: dict[str, str], found: list[str]) -> None:
    assert dead(texts) == found
