"""Queries of screens as Grafana sends them, and the screens as they are made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg

from dashboards.__main__ import SCREENS

MADE: dict[str, dict[str, Any]] = {name: json.loads(to_json()) for name, to_json in SCREENS.items()}


def expand(query: str, since: datetime, until: datetime, **chosen: str) -> bytes:
    """Grafana's macros as its PostgreSQL source expands them, and its variables (all, where not `chosen`)."""
    start, end = (f"'{one.isoformat()}'" for one in (since, until))
    query = re.sub(r"\$__timeFilter\(([^)]+)\)", rf"\1 BETWEEN {start} AND {end}", query)
    query = re.sub(r"\$__timeGroup\(([^,]+),\s*'(\d+)m'\)", r"floor(extract(epoch from \1)/60)*60", query)
    query = query.replace("$__interval_ms", "60000").replace("$__interval", "1m")
    for name in ("hamlet", "station", "camera"):
        query = query.replace(f"${name}", f"'{chosen.get(name, '*')}'")
    return query.replace("$__timeFrom()", start).replace("$__timeTo()", end).encode()


def variable(screen: str, name: str) -> str:
    """The SQL of a screen's variable."""
    return next(one["query"] for one in MADE[screen]["templating"]["list"] if one["name"] == name)


def target(screen: str, title: str, ref: str = "A", kind: str | None = None) -> str:
    """The SQL of a panel."""
    return next(
        each["rawSql"]
        for panel in MADE[screen]["panels"]
        if panel["title"] == title and kind in (None, panel["type"])
        for each in panel["targets"]
        if each["refId"] == ref
    )


def queries() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, kind of the panel (or `variable`), and target of every query there is."""
    for name, screen in MADE.items():
        for one in screen.get("templating", {}).get("list", []):
            kind = "words" if one.get("hide") == 2 else "choice"
            yield f"{name}: ${one['name']}", kind, {"rawSql": one["query"], "format": "table"}
        for panel in screen["panels"]:
            for one in panel.get("targets") or []:
                yield f"{name}: {panel['title']} {one['refId']} {panel['type']}", panel["type"], one


def answer(dsn: str, query: bytes) -> list[dict[str, Any]]:
    """The rows of a query, by column."""
    with psycopg.connect(dsn) as connection:
        cursor = connection.execute(query)
        names = [one.name for one in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
