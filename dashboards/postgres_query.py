"""A PostgreSQL query as Grafana 9.4 and later read it; the SDK knows many sources, not this one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.dashboard import DataSourceRef

from models.catalogue.channels import CHANNELS

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
    """The query in `sql/<name>.sql` (or that and its fills, see `Sql`); with `empty` as `or_words` makes it."""

    def __init__(self, name: Sql, form: Format, ref_id: str = "A", empty: str | None = None) -> None:
        text = read(name)
        self._query = PostgresQuery(text if empty is None else or_words(text, empty), form, ref_id)

    def build(self) -> Dataquery:
        """The query itself."""
        return self._query


Sql = str | tuple[str, Mapping[str, str]]
"""A file of sql/ by its name, or with what it leaves open: ("marks", {"of": "a.parameter = 'river_level'"}) for its `{of}`."""
_ALIAS = re.compile(r'as "([^"]+)"')
# A cell that is empty or null would say the panel's word for "no data" once more, each.
BLANK = "\u00a0"
NOTHING = {
    "Cấp": "0",
    "Số bản tin": "0",
    "Đã gửi lại": "0",
    "Ảnh": "'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='",
}
"""What stands in the row that has nothing, in columns that are no words."""


def or_words(query: str, words: str) -> str:
    """A query of texts, with one row that says `words` where it has none.

    Grafana's table says "No data" over an empty one, in English whatever its panel is told (9.2 to 9.4).
    """
    first, *others = _ALIAS.findall(query.partition("\nfrom ")[0])
    blank = f"'{BLANK}'"
    columns = [f"""coalesce(t."{first}", '{words}') as "{first}\""""]
    columns += [f"""coalesce(t."{other}", {NOTHING.get(other, blank)}) as "{other}\"""" for other in others]
    own = query.strip().rstrip(";")
    return (
        f"select {', '.join(columns)}\nfrom (values (1)) one\n"
        f"left join (select q.*, row_number() over () as turn from (\n{own}\n) q) t on true\norder by t.turn;\n"
    )


CATALOGUE = {"channels": " ".join(f"when '{code}' then '{row.vi}'" for code, row in CHANNELS.items())}
"""What any file of sql/ may leave open: words of the catalogue, as branches of a `case`."""


def read(name: Sql) -> str:
    """The text of `sql/<name>.sql`, with what it leaves open put in."""
    file, fills = (name, {}) if isinstance(name, str) else name
    text = (SQL / f"{file}.sql").read_text(encoding="utf-8")
    for key, value in {**CATALOGUE, **fills}.items():
        text = text.replace("{" + key + "}", value)
    return text
