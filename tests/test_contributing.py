"""CONTRIBUTING.md names files that are there, in all five recipes, and limits that its counts hold."""

from __future__ import annotations

import re

import pytest

from connectors.settings import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = {
    "connectors/<code>/": "sms",
    "infra/rehearsal/gateway/<code>": "zalo",
    "providers/<code>": "sepay",
    "analytics/<code>": "people",
}
"""What stands for <code> in a path of a recipe."""
PATHS = sorted(set(re.findall(r"`([a-z_]+/[\w./<>-]+\.(?:py|json|yaml|md))`", TEXT)))


def example(path: str) -> str:
    """The path of something that is there already."""
    code = next((code for part, code in EXAMPLES.items() if part in path), "")
    return path.replace("<code>", code)


@pytest.mark.parametrize("path", PATHS)
def test_a_file_that_a_recipe_names_is_there(path: str) -> None:
    assert (ROOT / example(path)).exists()


def test_every_recipe_was_counted_and_holds_its_limit() -> None:
    rows = re.findall(r"^\| (a[n]? [\w ]+) \|[^|]*\| \*\*(\d+)\*\*[^|]*\| (\d+) \|$", TEXT, re.MULTILINE)

    assert [(name, int(most)) for name, _, most in rows] == [
        ("a parameter", 2),
        ("a kind of alert", 6),
        ("a payment provider", 8),
        ("a way to a phone", 8),
        ("an analytic of cameras", 8),
    ]
    assert all(int(files) <= int(most) for _, files, most in rows)
    assert len(re.findall(r"^### An? ", TEXT, re.MULTILINE)) == len(rows)
