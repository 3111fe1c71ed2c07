"""The form of a provider's call and of our answer to it, as OpenAPI 3.1 says it: each provider's module has its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "maxLength": 512}
MAYBE: Schema = {"type": ["string", "null"], "maxLength": 512}
LOCAL_TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"}
LARGEST_VND = 10**12
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
# JSON Schema counts 27000.0 among the integers.
AMOUNT: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_VND}
SIGNED_AMOUNT: Schema = {"type": "integer", "minimum": -LARGEST_VND, "maximum": LARGEST_VND}
NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}


class Shape(NamedTuple):
    """What one endpoint takes and says.

    `body` of a POST in one of the content types `kinds`; `headers` and `query`: name -> pattern, all required. `reply`: our answer,
    None for the plain one; then `statuses` are the HTTP statuses that it comes with, None: one for each reason of a refusal.
    """

    body: Schema | None = None
    kinds: tuple[str, ...] = (JSON,)
    headers: Mapping[str, str] = {}
    query: Mapping[str, str] = {}
    reply: Schema | None = None
    statuses: tuple[int, ...] | None = None


def json_schema(properties: Schema, *optional: str) -> Schema:
    """An object; unknown fields are taken: a provider may add some."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def texts(names: tuple[str, ...], *optional: str) -> Schema:
    """An object of texts of a caller, as a form has them."""
    return json_schema(dict.fromkeys(names, TEXT), *optional)


def said(names: tuple[str, ...]) -> Schema:
    """An object of texts that we answer."""
    return json_schema({name: {"type": "string"} for name in names})


COUNTER = {"counterAccountNumber": MAYBE, "virtualAccountNumber": MAYBE}
"""What two feeds of bank accounts tell of the other side."""
PLAIN_REPLY = json_schema({"success": {"type": "boolean"}, "message": {"type": "string"}}, "message")
