"""The tables of one file together: which sheets are one station, and what their times show."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from infra.rehearsal.recordings.generic import LONGEST_ID, SCHEMA, Got, slug
from infra.rehearsal.recordings.notes import Note


def stations(got: Sequence[Got], base: str, sheets: Sequence[str]) -> list[pl.DataFrame]:
    """Sheets that overlap in time with the same parameter are stations of their own, a sheet a month is one station."""
    parts = [pl.concat(one.parts) if one.parts else pl.DataFrame(schema=SCHEMA) for one in got]
    spans: dict[tuple[str, str], list[tuple[object, object]]] = {}
    overlap = False
    for part in parts:
        for (station, code), rows in part.group_by("station", "parameter"):
            own = (rows["at"].min(), rows["at"].max())
            past = spans.setdefault((str(station), str(code)), [])
            overlap = overlap or any(not (own[1] < one[0] or one[1] < own[0]) for one in past)  # type: ignore[operator]
            past.append(own)
    if not overlap or len(set(sheets)) < 2:
        return parts
    renamed = []
    for part, sheet, one in zip(parts, sheets, got, strict=True):
        own_id = f"{base}-{slug(sheet) or 'to'}"[:LONGEST_ID]
        one.names.setdefault(own_id, sheet)
        renamed.append(
            part.with_columns(
                station=pl.when(pl.col("station") == base).then(pl.lit(own_id)).otherwise("station")
            )
        )
    return renamed


def told(frame: pl.DataFrame) -> list[Note]:
    """What the times of a file show: two values of one time, rows out of order."""
    own = ["station", "parameter"]
    ordered = frame.with_columns(
        ms=pl.col("at").dt.epoch("ms") - pl.col("offset_min").cast(pl.Int64) * 60_000
    )
    clash = ordered.group_by(*own, "ms").agg(pl.col("value").n_unique().alias("n"), pl.col("line").max(), pl.col("at").first()).filter(pl.col("n") > 1).sort("line")  # fmt: skip
    notes = []
    if clash.height:
        first = clash.row(0, named=True)
        notes.append(Note(f"dòng {first['line']}", f"hai giá trị khác nhau của {first['parameter']} cùng lúc {first['at']:%Y-%m-%d %H:%M:%S}; "
                          "giá trị đứng trước được dùng", "two values of one time, the first is used", clash.height))  # fmt: skip
    turns = ordered.sort("line", maintain_order=True).select((pl.col("ms").diff().over(own) < 0).sum()).item()
    if turns:
        notes.append(
            Note(
                "",
                "các dòng không theo thứ tự thời gian, đã sắp lại",
                "rows out of order of time, sorted",
                int(turns),
            )
        )
    return notes
