"""GLOSSARY.md: one word a concept, in two languages, and what it names in the code is there."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import pytest

from connectors.settings import ROOT

PATH = ROOT / "GLOSSARY.md"
ROOMS = ("models", "connectors", "flows", "dashboards", "infra")
VIETNAMESE = re.compile(r"[À-ỹ]")


class Term(NamedTuple):
    """A row of the first table."""

    term: str
    vi: str
    meaning: str
    code: str


def rows(text: str, heading: str, columns: int) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    part = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip() for line in part.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert all(len(row) == columns for row in cells), "a row has another number of cells than its table"
    return cells


def terms(text: str) -> list[Term]:
    return [Term(*row) for row in rows(text, "Terms", 4)]


@cache
def names() -> frozenset[str]:
    """Every identifier of the code, the names of its files, and the tables of the store."""
    found: set[str] = set()
    for room in ROOMS:
        found.add(room)
        for path in (ROOT / room).rglob("*"):
            if path.suffix in {".py", ".sql"}:
                found.add(path.stem)
                found.update(re.findall(r"[A-Za-z_]\w+", path.read_text(encoding="utf-8")))
    return frozenset(found)


def classes() -> frozenset[str]:
    pattern = re.compile(r"^\s*class (\w+)", re.MULTILINE)
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return frozenset(name for path in paths for name in pattern.findall(path.read_text(encoding="utf-8")))


def wrong(text: str) -> list[str]:
    """What is wrong with the glossary, a line for each fault."""
    several = terms(text)
    faults = [
        f"{row.term}: stands twice"
        for i, row in enumerate(several)
        if row.term in {other.term for other in several[:i]}
    ]
    if [row.term for row in several] != sorted(row.term for row in several):
        faults.append("the terms are not sorted")
    known, defined = names(), classes()
    for row in several:
        if not row.vi or not row.meaning:
            faults.append(f"{row.term}: has no Vietnamese or no meaning")
        if not row.meaning.endswith("."):
            faults.append(f"{row.term}: its meaning is no sentence")
        faults += [
            f"{row.term}: {name} is not in the code"
            for name in re.findall(r"`(\w+)`", row.code)
            # A name with a capital and small letters is a class.
            if name not in (defined if re.fullmatch(r"[A-Z]\w*[a-z]\w*", name) else known)
        ]
    avoided = [row[0] for row in rows(text, "Words we do not use", 2)]
    if avoided != sorted(set(avoided)):
        faults.append("the words that we do not use are not sorted, or one stands twice")
    faults += [f"{row.term}: is a term and a word we do not use" for row in several if row.term in avoided]
    return faults


def test_the_glossary_holds_its_form() -> None:
    assert wrong(PATH.read_text(encoding="utf-8")) == []


def test_most_terms_have_a_vietnamese_word_with_its_marks() -> None:
    several = terms(PATH.read_text(encoding="utf-8"))

    assert {row.term for row in several if not VIETNAMESE.search(row.vi)} <= {"camera"}


HEAD = "## Terms\n\n| term | tiếng Việt | meaning | in the code |\n|---|---|---|---|\n"
TAIL = "\n## Words we do not use\n\n| word | say instead |\n|---|---|\n| found | detected |\n"
FAULTS = [
    pytest.param("| flag | cờ | A flag. | |\n| flag | cờ | A flag. | |", "stands twice", id="a term twice"),
    pytest.param("| zone | vùng | A zone. | |\n| flag | cờ | A flag. | |", "not sorted", id="not sorted"),
    pytest.param("| flag | | A flag. | |", "no Vietnamese", id="one language only"),
    pytest.param("| flag | cờ | | |", "no meaning", id="no meaning"),
    pytest.param(
        "| flag | cờ | A flag. | `Flagge` |", "Flagge is not in the code", id="a class that is gone"
    ),
    pytest.param("| found | thấy | A find. | |", "a word we do not use", id="both term and avoided"),
]


@pytest.mark.parametrize(("table", "fault"), FAULTS)
def test_the_form_can_be_broken(table: str, fault: str) -> None:
    assert any(fault in line for line in wrong(f"{HEAD}{table}\n{TAIL}"))
