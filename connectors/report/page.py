"""The report as one HTML file: pictures inside, no script, nothing loaded from elsewhere; prints on A4."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from connectors.report.document import Document, Image

FOLDER = Path(__file__).resolve().parent / "templates"


def html(made: Document) -> str:
    """The whole file."""
    return _templates().get_template("event.html.j2").render(made=made)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"kind": lambda block: type(block).__name__, "inside": _inside}
    return found


def _inside(image: Image) -> Markup:
    """The picture itself: a drawing as SVG, else its bytes."""
    if image.svg:
        return Markup(image.svg)  # noqa: S704 (our own drawing)
    kind = "png" if image.data.startswith(b"\x89PNG") else "jpeg"
    data = base64.b64encode(image.data).decode()
    return Markup('<img src="data:image/{};base64,{}" alt="{}">').format(kind, data, image.caption)
