"""What the columns of a table are: time, zone, station, and what is measured, by their names in many tongues of loggers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from infra.rehearsal.recordings import units
from models.alerting.gsm7 import unaccented
from models.catalogue.parameters import PARAMETERS

FOLDERS = ("river", "water", "air", "flood")


class Measure(NamedTuple):
    """A parameter: our unit, what no such instrument can go beyond, the names of its columns, folders where short names mean it."""

    unit: str
    low: float
    high: float
    names: str
    here: str = ""
    """Names that mean it only in these folders: `river water: level depth`."""


MEASURES: dict[str, Measure] = {
    code: Measure(row.unit, row.low, row.high, row.columns, row.here)
    for code, row in PARAMETERS.items()
    if row.columns
}
USGS = {
    "00010": ("water_temperature", "C"), "00020": ("air_temperature", "C"), "00045": ("rain", "in"), "00060": ("flow", "ft3/s"),
    "00065": ("river_level", "ft"), "00095": ("conductivity", "uS/cm"), "00300": ("dissolved_oxygen", "mg/L"), "00400": ("ph", "pH"),
    "62614": ("river_level", "ft"), "62615": ("river_level", "ft"), "62620": ("river_level", "ft"), "63160": ("river_level", "ft"),
    "63680": ("turbidity", "FNU"), "72279": ("river_level", "ft"),
}  # fmt: skip
"""Parameter codes of the USGS, in the names of its columns; its own units."""
_USGS = re.compile(r"\w+?_(\d{5})(?:_\d{5})?")
_TIMES = frozenset(
    ["datetime", "timestamp", "time", "thoigian", "ngaygio", "thoidiem", "date", "at", "ts", "tg", "ngaygiodo", "thoigiando", "thoidiemdo", "giodo", "ngaydo", "ngay", "gio", "datetimeutc", "utc", "measuredat", "recordedat", "observedat", "sampledat", "createdat", "sampletime", "samplingtime", "obstime", "observationtime", "observed", "measurementtime", "timeutc", "utctime", "utcdatetime", "datetimegmt", "timegmt", "gmttime", "localtime", "timelocal", "datetimelocal", "localdatetime", "dateutc", "datelocal", "dateobs", "epoch", "unix", "unixtime", "epochtime", "unixtimestamp", "epochms", "valid", "validtime", "tmstmp", "timestamputc", "timestamplocal", "timestamplst", "timelst", "timest", "datestamp", "datetimestamp", "timeof", "reading", "readingtime", "logtime", "logdate", "devicetime", "receivedat", "servertime", "eventtime", "period", "periodstart", "begintime", "starttime", "start", "dateandtime", "datehour", "ngaythang", "ngaythangnam", "thoigianthu", "imagetimestamp", "resulttime", "phenomenontime", "hour", "giophut", "timeictd", "ngayquantrac", "thoigianquantrac", "giodoquantrac", "dattime", "date/time", "datetimelst", "sampledatetime", "sampledate", "activitystartdate", "activitystarttime", "datetimeict", "timeict", "ngaylaymau", "giolaymau"]
)  # fmt: skip
_CALENDAR = {
    "year": "year nam yy yyyy yr", "month": "month thang mo mon", "day": "day ngay dd dom", "hour": "hour gio hh hr", "minute": "minute phut mm min mn",
}  # fmt: skip
_ZONES = frozenset(
    [
        "tzcd",
        "tz",
        "timezone",
        "zone",
        "mucgio",
        "utcoffset",
        "tzoffset",
        "timezonecode",
        "offset",
        "activitystarttimetimezonecode",
    ]
)
_STATIONS = frozenset(
    ["station", "stationid", "stationname", "tram", "matram", "tentram", "siteno", "site", "siteid", "sitename", "sensorid", "sensor", "sensorname", "deviceid", "device", "devicename", "locationid", "location", "locationname", "diemdo", "diem", "vitri", "monitoringlocationid", "monitoringlocationidentifier", "gaugeid", "deploymentid", "nodeid", "node", "madiem", "tendiem", "diemquantrac", "tramdo", "stid", "stationcode"]
)  # fmt: skip
_KINDS = frozenset(
    [
        "parameter",
        "param",
        "parametername",
        "parametercode",
        "thongso",
        "chitieu",
        "variable",
        "characteristic",
        "characteristicname",
        "chiso",
        "measurement",
        "observedproperty",
        "pollutant",
        "parametercd",
    ]
)
_VALUES = frozenset(
    [
        "value",
        "giatri",
        "result",
        "resultmeasurevalue",
        "resultvalue",
        "ketqua",
        "datavalue",
        "measurementvalue",
        "nongdo",
        "sodo",
        "concentration",
        "tri",
    ]
)
_UNITS = frozenset(
    [
        "unit",
        "units",
        "donvi",
        "unitcode",
        "resultmeasuremeasureunitcode",
        "parameterunits",
        "parameterunit",
        "dvt",
    ]
)
_AFTER = re.compile(
    r"(?:value|avg|mean|average|raw|tb|trungbinh|observed|measured|sensor|surface|1h|hourly|inst|tucthoi)$"
)
_TAIL = re.compile(
    r"[\s_\-./]+(ft|feet|m|met|cm|mm|in|inch|inches|c|degc|deg[ _]?c|f|degf|k|mgl|mg[/_ ]?l|ug[/_ ]?l|[uµμ]g[/_ ]?m[3³]|ug[/_]m\^3|ntu|fnu|[uµμ]s[/_ ]?cm|ms[/_ ]?cm"
    r"|ppm|ppb|pct|percent|%|cfs|m3[/_]?s|psu|ppt|°c|mm[/_]h|celsius|metres?|meters?)$", re.IGNORECASE)  # fmt: skip
_CLOCK = re.compile(r"[\s,_]+((?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?)$", re.IGNORECASE)
LONG, BEGUN = 7, 2
"""A name of so many letters may begin a longer one; the rank of such a column."""
_OTHER = re.compile(r"sat|percent|change|anomal|forecast|predict|dubao|baodong|canhbao|alarm|warn|threshold|limit|nguong|lichsu|max|min|diff|rate|tichluy|"
                    r"accum|cumul|total|std|qual|flag|bao$|index|chiso|time|gio|ngay|date|id$|name|datum")  # fmt: skip
_BRACKETS = re.compile(r"\s*[(\[{<]\s*([^)\]}>]*)\s*[)\]}>]\s*")
_NEVER = re.compile(
    r"(?:_|\b)(?:cor|qual|qc|cd|flag|flags|quality|status|code|std|stdev|err|error|min|max|count|n|id|qa|grade|approval)$",
    re.IGNORECASE,
)


class Named(NamedTuple):
    """A column's head: what stands before the unit, as a key; the unit or zone behind it."""

    key: str
    unit: str
    raw: str


@lru_cache(maxsize=4096)
def named(head: str) -> Named:
    """A head in its parts.

    >>> named("PM2.5 (µg/m³)")[:2], named("Mực nước [cm]")[:2], named("stage_ft")[:2], named("PM-2-5")[0]
    (('pm2.5', 'µg/m³'), ('mucnuoc', 'cm'), ('stage', 'ft'), 'pm2.5')
    """
    base, unit = head.strip(), ""
    inside = _BRACKETS.search(base)
    if inside:
        base, unit = (base[: inside.start()] + " " + base[inside.end() :]).strip(), inside[1].strip()
        outer = base.rpartition(",")[2].strip()
        if "," in base and units.known(outer) and not units.known(unit):
            # `Temp, °C (LGR S/N: 1234)`: a logger's own number stands in the brackets.
            base, unit = base.rpartition(",")[0].strip(), outer
    elif zone := _CLOCK.search(base):
        base, unit = base[: zone.start()], zone[1]
    elif "," in base and units.known(base.rpartition(",")[2].strip()):
        base, _, unit = (one.strip() for one in base.rpartition(","))
    elif _TAIL.search(base) and not _NEVER.search(base):
        tail = _TAIL.search(base)
        if tail is not None and tail.start() > 0:
            base, unit = base[: tail.start()], tail[1].replace("_", "/").replace(" ", "/")
    return Named(key(base), unit, head)


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """Letters and digits without marks; what parts two digits is kept as a dot: `PM1.0` is not `PM10`."""
    plain = unaccented(text.replace("₂", "2").replace("₅", "5")).casefold().strip()
    plain = re.sub(r"(?<=\d)[_\-.,](?=\d)", ".", plain)
    return "".join(one for one in plain if one.isalnum() or one in "./").strip("./")


_ANYWHERE = {name: code for code, measure in MEASURES.items() for name in measure.names.split()}
_HERE = {
    (folder, name): code
    for code, measure in MEASURES.items()
    if measure.here
    for folder in measure.here.partition(":")[0].split()
    for name in measure.here.partition(":")[2].split()
}


@lru_cache(maxsize=4096)
def measure(head: str, folder: str) -> tuple[str, str, int] | None:
    """(parameter, unit in the head or empty, rank) of a column; a lower rank fits better. None for a column of no known measure."""
    usgs = _USGS.fullmatch(head.strip())
    if usgs and usgs[1] in USGS:
        return (*USGS[usgs[1]], 0)
    if _NEVER.search(head.strip()):
        return None
    found = named(head)
    for rank, each in enumerate((found.key, _AFTER.sub("", found.key))):
        code = _HERE.get((folder, each)) or _ANYWHERE.get(each)
        if code is not None:
            return code, found.unit, rank
    # `Mực nước TL`, `water_level_upstream`: a known name and what tells it from another of its kind.
    begun = max(
        (one for one in _ANYWHERE if len(one) >= LONG and found.key.startswith(one)), key=len, default=""
    )
    if begun and not _OTHER.search(found.key[len(begun) :]):
        return _ANYWHERE[begun], found.unit, BEGUN
    return None


def code_of(name: str, folder: str) -> str | None:
    """The parameter that a long table names in a cell."""
    if re.fullmatch(r"\d{5}", name.strip()) and name.strip() in USGS:
        return USGS[name.strip()][0]
    found = measure(name, folder)
    return None if found is None else found[0]


@lru_cache(maxsize=4096)
def is_time(head: str) -> bool:
    """May the column hold a time, a date, or a time of day?"""
    found = named(head)
    return found.key in _TIMES or key(head) in _TIMES


def calendar(head: str) -> str | None:
    """Year, month, day, hour or minute, where the column holds one of them."""
    found = key(head)
    return next((part for part, names in _CALENDAR.items() if found in names.split()), None)


def is_zone(head: str) -> bool:
    """Does the column say on which clock a row is?"""
    return key(head) in _ZONES


def is_station(head: str) -> bool:
    """Does the column say where?"""
    return key(head) in _STATIONS


def is_kind(head: str) -> bool:
    """Does the column name what was measured, as in a long table?"""
    return key(head) in _KINDS


def is_value(head: str) -> bool:
    """Does the column hold the value of a long table?"""
    return named(head).key in _VALUES


def is_unit(head: str) -> bool:
    """Does the column hold the unit of a long table?"""
    return key(head) in _UNITS
