"""A PostgreSQL query as Grafana 9.4 and later read it; the SDK knows many sources, not this one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.dashboard import DataSourceRef

SQL = Path(__file__).resolve().parent / "sql"
# "postgres" is understood by every version; newer ones rename the plug-in and keep this alias.
SOURCE = DataSourceRef(type_val="postgres", uid="phusa")

Format = Literal["table", "time_series"]


@dataclass(frozen=True, slots=True)
class PostgresQuery(Dataquery):
    """Raw SQL; `format` time_series wants columns time, metric (optional) and value."""

    raw_sql: str
    format: Format
    ref_id: str

    def to_json(self) -> dict[str, object]:
        """As the panel's target stands in a dashboard."""
        return {
            "datasource": SOURCE,
            "refId": self.ref_id,
            "editorMode": "code",
            "format": self.format,
            "rawQuery": True,
            "rawSql": self.raw_sql,
        }


class Query(Builder[Dataquery]):
    """The query in `sql/<name>.sql`."""

    def __init__(self, name: str, form: Format, ref_id: str = "A") -> None:
        self._query = PostgresQuery(read(name), form, ref_id)

    def build(self) -> Dataquery:
        """The query itself."""
        return self._query


def read(name: str) -> str:
    """The text of `sql/<name>.sql`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
