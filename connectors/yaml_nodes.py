"""YAML as nodes with their lines, and as the data that a JSON schema is held against."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ruamel.yaml.nodes import MappingNode, SequenceNode

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

    from models.envelope.mistake import Path

DEEP = 12
"""Deeper than any schema: an alias inside itself must not recurse for ever."""


def is_day(text: str) -> bool:
    """Whether it is a day, YYYY-MM-DD."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def line_of(node: Node | None, path: Path) -> int:
    """The line of the key or list item at `path`, else of the nearest thing around it; from 1."""
    line = 1
    for part in path:
        found = None
        if isinstance(node, MappingNode):
            found = next((pair for pair in node.value if pair[0].value == part), None)
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = (node.value[part], node.value[part])
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def plain(data: Any, depth: int = 0) -> Any:
    """As JSON: days as text, keys as text."""
    if depth > DEEP:
        return None
    if isinstance(data, dict):
        return {str(key): plain(value, depth + 1) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value, depth + 1) for value in data]
    return data.isoformat() if isinstance(data, date) else data
