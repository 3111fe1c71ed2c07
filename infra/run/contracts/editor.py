"""JSON Schema of the commune's four YAML files, for the editor: it completes, explains and underlines."""

from __future__ import annotations

import json

from connectors.commune import FILES, schema
from infra.run.contracts.descriptions import FILE_WORDS, SECTION_WORDS, both, describe


def schemas() -> dict[str, str]:
    """File name -> text of its schema."""
    return {name: _schema(name) for name in FILES}


def _schema(name: str) -> str:
    made = schema(name)
    describe(made["$defs"])
    for section, part in made["properties"].items():
        part["description"] = both(SECTION_WORDS[section])
    dialect = "https://json-schema.org/draft/2020-12/schema"
    head = {"$schema": dialect, "title": f"{name}.yaml", "description": both(FILE_WORDS[name])}
    return json.dumps(head | made, ensure_ascii=False, indent=2) + "\n"
