"""The commune's playbook on a phone: playbook/<kind>-<level>.md, a small text in Markdown, as plain HTML."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import structlog
from markdown_it import MarkdownIt
from markupsafe import Markup

from models.catalogue.kinds import Kind

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger(__name__)

FOLDER = "playbook"
LARGEST = 16 * 1024
"""Bytes of a page; what is longer is cut at a line: nobody reads it in the rain."""
_NUMBER = re.compile(r"<strong>(\d{3})</strong>")
"""An emergency number, which is to be touched."""


def page(folder: Path, kind: str, level: int) -> str | None:
    """The text of the page of `kind` at `level`, else of the next lower level that has one; None: there is none."""
    if kind not in set(Kind):
        return None
    for each in range(min(level, 5), 0, -1):
        path = folder / FOLDER / f"{kind}-{each}.md"
        try:
            raw = path.read_bytes()
        except OSError:
            continue
        text = raw[:LARGEST].decode("utf-8", "replace")
        return text if len(raw) <= LARGEST else text.rpartition("\n")[0]
    return None


def html(text: str) -> Markup:
    """As HTML; tags in the text are text, pictures are left out, a bold number of three digits can be touched to call it."""
    made = _reader().render(text)
    return Markup(_NUMBER.sub(r'<a class="call" href="tel:\1">\1</a>', made))  # noqa: S704 (markdown-it has escaped it)


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")
