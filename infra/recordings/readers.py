"""Each file as rows: which column is what, in which unit, on which clock."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import openpyxl
import polars as pl
from openpyxl.utils.exceptions import InvalidFileException

from infra.recordings.frame import Column, Rows, finish, melt

UTAH_MIN, VIETNAM_MIN = -7 * 60, 7 * 60
FEET_TO_M, CM_TO_M, INCH_TO_CM = 0.3048, 0.01, 2.54
GAUGE_OFFSETS = {
    "UTC": 0, "GMT": 0, "AST": -240, "ADT": -180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600,
}  # fmt: skip
"""Minutes from UTC by the zone codes of the USGS."""
SEA_LEVEL = "sea_surface_height_above_sea_level"
MAX_HEAD = 64 * 1024
CAMERA_REGIONS = ("first-dam-camera-1", "first-dam-camera-2")
WATER = [
    Column("temp", "water_temperature", "C"),
    Column("cond", "conductivity", "uS/cm"),
    Column("ph", "ph", "pH"),
    Column("do", "dissolved_oxygen", "mg/L"),
    Column("turb", "turbidity", "NTU"),
    Column("stage", "river_level", "m", CM_TO_M),
]
AIR = [Column(code, code, "ug/m3") for code in ("pm25", "pm10", "o3", "no2", "so2", "co")]


def _text(path: Path, lines_after_head: int = 0) -> pl.DataFrame:
    """A CSV with every field as text, so that nothing is guessed."""
    return pl.read_csv(path, infer_schema=False, skip_rows_after_header=lines_after_head)


def _clock(column: str, offset_min: int) -> list[pl.Expr]:
    at = pl.col(column).str.to_datetime(time_unit="ms", strict=False)
    return [at.alias("at"), pl.lit(offset_min, dtype=pl.Int32).alias("offset_min")]


def head(path: Path) -> set[str]:
    """The columns of a table; empty for a file that is none."""
    try:
        if path.suffix.lower() == ".xlsx":
            sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
            return {str(one) for one in next(sheet.iter_rows(values_only=True), ())}
        with path.open(encoding="utf-8-sig") as file:
            return {one.strip().strip('"') for one in file.readline(MAX_HEAD).split(",")}
    except (OSError, UnicodeDecodeError, InvalidFileException, BadZipFile, KeyError):
        return set()


def gauge(path: Path, station: str = "logan-river") -> Rows:
    """USGS stage in feet (to metres); the column `tz_cd` says for every row which clock it is on."""
    wide = _text(path, lines_after_head=1)
    offset = pl.col("tz_cd").replace_strict(GAUGE_OFFSETS, return_dtype=pl.Int32)
    wide = wide.with_columns(_clock("datetime", 0)).with_columns(offset_min=offset)
    stage = next(name for name in wide.columns if name.endswith("_00065"))
    return melt(wide, station, [Column(stage, "river_level", "m", FEET_TO_M)])


def camera(path: Path) -> Rows:
    """Water pixels of two regions, two stations.

    The clock is Utah's without summer time: both nights of the change have all 24 hours, and the
    dark hours are 20:00 to 05:00 all year.
    """
    regions = pl.col("roi").str.extract_groups(r"\{(?<first>\d+),(?<second>\d+)\}")
    wide = (
        _text(path)
        .with_columns(_clock("image_timestamp", UTAH_MIN))
        .with_columns(regions.alias("r"))
        .unnest("r")
    )
    sides = zip(CAMERA_REGIONS, ("first", "second"), strict=True)
    both = [melt(wide, station, [Column(side, "water_pixels", "1")]) for station, side in sides]
    return Rows(
        finish(pl.concat([one.frame for one in both])),
        wide.height,
        sum(one.gaps for one in both),
    )


def water(path: Path, station: str) -> Rows:
    """A water station of the Logan River observatory: the raw columns, as the sensor sent them.

    Its loggers keep UTC-7 the whole year. Stage in cm (to metres).
    """
    wide = _text(path).with_columns(_clock("datetime", UTAH_MIN))
    return melt(wide, station, [column for column in WATER if column.name in wide.columns])


def fish_pond(path: Path, station: str = "fish-pond") -> Rows:
    """Temperature, pH, turbidity each 58 s. The file names no zone: +07:00 is our assumption."""
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    head, *rows = [[None if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    wide = pl.DataFrame(
        rows,
        schema=[str(name) for name in head],
        orient="row",
        infer_schema_length=None,
    )
    columns = [
        Column("Temperature", "water_temperature", "C"),
        Column("pH", "ph", "pH"),
        Column("Turbidity", "turbidity", "NTU"),
    ]
    return melt(wide.with_columns(_clock("Date", VIETNAM_MIN)), station, columns)


def sea_level(path: Path, station: str = "sea-level") -> Rows:
    """Hourly sea level in metres; the file says Z."""
    wide = _text(path).with_columns(pl.col("time").str.strip_chars_end("Z")).with_columns(_clock("time", 0))
    return melt(
        wide,
        station,
        [Column(SEA_LEVEL, "river_level", "m")],
    )


def da_nang(path: Path, station: str = "da-nang") -> Rows:
    """Hourly air of Đà Nẵng, UTC+7. Model output, not a sensor; the two foreign indices are left out."""
    wide = _text(path).with_columns(_clock("datetime", VIETNAM_MIN))
    return melt(wide, station, [one for one in AIR if one.name in wide.columns])


def street_station(sensor: pl.Expr) -> pl.Expr:
    """Station id of a street sensor: its own id in small letters."""
    return sensor.str.to_lowercase()


def street_floods(path: Path) -> Rows:
    """Depth profiles of street floods, inches (to cm), a station per sensor; the clock is UTC.

    The file names no zone. It is not New York's: a flood begins at 02:21 on 10 March 2024, which
    no clock there showed, and those of 1 September 2021 (Ida, 21:20 local) stand at 01:24 next day.
    """
    events = _text(path)
    profile = events.select(
        station=street_station(pl.col("sensor_id")),
        start=pl.col("flood_start_time").str.to_datetime(time_unit="ms"),
        depth=pl.col("flood_profile_depth_inches").str.json_decode(pl.List(pl.Float64)),
        after_s=pl.col("flood_profile_time_secs").str.json_decode(pl.List(pl.Float64)),
    ).explode("depth", "after_s", empty_as_null=True)
    rows = profile.select(
        "station",
        pl.lit("street_depth").alias("parameter"),
        pl.lit("cm").alias("unit"),
        (pl.col("start") + pl.duration(milliseconds=pl.col("after_s") * 1000)).alias("at"),
        pl.lit(0, dtype=pl.Int32).alias("offset_min"),
        (pl.col("depth") * INCH_TO_CM).round(4).alias("value"),
    )
    kept = rows.drop_nulls(["at", "value"])
    return Rows(finish(kept), events.height, rows.height - kept.height)
