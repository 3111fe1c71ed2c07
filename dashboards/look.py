"""What the screens of cages, air, cameras, payments and the platform share beside style.py: VN_AQI's colours, sentences, states over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import common, stat, statetimeline
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common as plain
from grafana_foundation_sdk.models import dashboard as model

from dashboards import style
from dashboards.postgres_query import SOURCE, PostgresQuery, Query, Sql, read
from models.air.aqi import LEVELS
from models.catalogue.states import STATES, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grafana_foundation_sdk.builders import table, timeseries

SIGN = "\u200b"
HOUR_MS = 3_600_000
SENSOR_WORDS = {
    "bình thường": style.CALM,
    "mất tín hiệu": style.UNKNOWN,
    "chưa có tín hiệu": style.UNKNOWN,
    "không dùng được": style.ALARM,
    "không tin được": style.WARN,
    "đồng hồ sai": style.WARN,
    "nghi ngờ": style.WATCH,
}
"""All that sql/platform_sensors.sql and sql/air_sensors.sql say of a sensor."""

ENDED = -1
"""What stands in a lane of states after its last datum: nothing is painted there."""


def aqi_steps() -> build.ThresholdsConfig:
    """The colours that Decision 1459 gives the levels of VN_AQI, each from its first number on."""
    first = [None, *(level.most + 1.0 for level in LEVELS[:-1])]
    return style.steps(*((start, _rgb(level.rgb)) for start, level in zip(first, LEVELS, strict=True)))


def aqi_words(*, named: bool = True) -> list[model.ValueMapping]:
    """From an index to its level's official colour, and to its name where `named`; where there is none: grey, in words."""
    first = [0, *(level.most + 1 for level in LEVELS[:-1])]
    found: list[model.ValueMapping] = [
        model.RangeMap(
            model.DashboardRangeMapOptions(
                start,
                level.most,
                model.ValueMappingResult(level.vi if named else None, _rgb(level.rgb), index=level.number),
            )
        )
        for start, level in zip(first, LEVELS, strict=True)
    ]
    return [*found, nothing("không có VN_AQI giờ này")]


def aqi_rows() -> str:
    """The levels of Decision 1459 as rows of SQL: from, to, name, colour, colour of letters on it."""
    first = [0, *(level.most + 1 for level in LEVELS[:-1])]
    return ", ".join(
        f"({start}, {level.most}, '{level.vi}', '{_rgb(level.rgb)}', '{'#111' if _bright(level.rgb) else '#fff'}')"
        for start, level in zip(first, LEVELS, strict=True)
    )


def _bright(rgb: tuple[int, int, int]) -> bool:
    red, green, blue = rgb
    return 299 * red + 587 * green + 114 * blue > 125_000


def nothing(words: str) -> model.SpecialValueMap:
    """What stands, grey, where a value is null."""
    result = model.ValueMappingResult(text=words, color=style.UNKNOWN, index=99)
    return model.SpecialValueMap(model.DashboardSpecialValueMapOptions(model.SpecialValueMatch.NULL, result))


def _rgb(rgb: tuple[int, int, int]) -> str:
    return "#" + bytes(rgb).hex()


def coloured(
    panel: table.Panel, name: str, mappings: Sequence[model.ValueMapping], width: int | None = None
) -> table.Panel:
    """Colour the ground of a column by mappings; what none of them knows is grey."""
    values: dict[str, object] = {
        "mappings": list(mappings),
        "thresholds": {"mode": "absolute", "steps": [{"value": None, "color": style.UNKNOWN}]},
        "color": {"mode": "thresholds"},
        "custom.displayMode": "color-background-solid",
        "custom.cellOptions": {"type": "color-background", "mode": "basic"},
    }
    if width is not None:
        values["custom.width"] = width
    return panel.override_by_name(
        name, [model.DynamicConfigValue(id_val=key, value=value) for key, value in values.items()]
    )


def beginning(colours: Mapping[str, str]) -> list[model.ValueMapping]:
    """By how a text begins (a regular expression); the text stays as it is."""
    return [
        model.RegexMap(
            model.DashboardRegexMapOptions(f"/^{start}/", model.ValueMappingResult(color=colour, index=i))
        )
        for i, (start, colour) in enumerate({**colours, "\u00a0$": "transparent"}.items())
    ]


def sentence(
    vi: str,
    en: str,
    query: Sql | Builder[Dataquery],
    place: model.GridPos,
    mappings: Sequence[model.ValueMapping],
) -> stat.Panel:
    """A text that SQL made, big, its ground by `mappings`; grey where none knows it."""
    panel = style.titled(stat.Panel(), vi, en, place).unit("none")
    panel.with_target(query if isinstance(query, Builder) else Query(query, "table"))
    panel.color_mode(plain.BigValueColorMode.BACKGROUND).graph_mode(plain.BigValueGraphMode.NONE)
    panel.text_mode(plain.BigValueTextMode.VALUE).mappings(list(mappings))
    return panel.reduce_options(common.ReduceDataOptions().calcs(["last"]).values(False).fields("/.*/"))


def states_over_time(vi: str, en: str, query: str, place: model.GridPos) -> statetimeline.Panel:
    """Lanes of states (the query gives their ranks), each up to its last datum: what is not known is not painted."""
    panel = statetimeline.Panel().title(vi).description(en).grid_pos(place).datasource(SOURCE)
    options = {
        str(row.rank): model.ValueMappingResult(
            style.said(row.code), style.CALM if row.code is State.NORMAL else row.colour, index=row.rank
        )
        for row in STATES.values()
    }
    options[str(ENDED)] = model.ValueMappingResult(" ", "transparent", index=len(STATES))
    panel.with_target(Query((query, {"ended": str(ENDED)}), "table")).no_value(
        "chưa có tình trạng nào được ghi"
    ).unit("none")
    panel.mappings([model.ValueMap(options)]).thresholds(style.steps((None, style.UNKNOWN)))
    panel.show_value(plain.VisibilityMode.AUTO).merge_values(True).row_height(0.85)
    panel.fill_opacity(90).line_width(0).display_name("${__field.labels.metric}")
    # A frame a lane: in one wide frame the times at which another lane changes would part this one.
    panel.with_transformation(
        model.DataTransformerConfig(id_val="prepareTimeSeries", options={"format": "many"})
    )
    legend = common.VizLegendOptions().show_legend(False).display_mode(plain.LegendDisplayMode.LIST)
    return panel.legend(legend.placement(plain.LegendPlacement.BOTTOM))


def by_value(panel: timeseries.Panel, colours: build.ThresholdsConfig) -> timeseries.Panel:
    """Bars, each in the colour of its own value."""
    panel.thresholds(colours).draw_style(style.BARS).fill_opacity(90).line_width(0)
    panel.bar_alignment(plain.BarAlignment.BEFORE).gradient_mode(plain.GraphGradientMode.SCHEME)
    return panel.color_scheme(build.FieldColor().mode(model.FieldColorModeId.THRESHOLDS))


def neutral(panel: timeseries.Panel) -> timeseries.Panel:
    """Lines of several places, none in the colour of a state or a limit.

    Grafana 9 has no palette without green, yellow and red, so SQL ends each name with as many signs of no width (U+200B) as its
    place in the row says, and the line takes that colour of style.SERIES.
    """
    for turn, colour in enumerate(style.SERIES):
        if turn:
            panel.override_by_regexp(
                f"/[^{SIGN}]{SIGN}{{{turn}}}$/",
                [model.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": colour})],
            )
    return panel


class Counted(Builder[Dataquery]):
    """How many rows of the list in sql/<name>.sql are not `well` in `column`: a figure and its list have one definition."""

    def __init__(self, name: str, column: str, well: str, words: str) -> None:
        own = read(name).strip().rstrip(";")
        self._query = PostgresQuery(
            f"""select case count(*) when 0 then 'không có' else count(*) || ' {words}' end as "{column}"\n"""
            f"""from (\n{own}\n) q\nwhere q."{column}" <> '{well}';\n""",
            "table",
            "A",
        )

    def build(self) -> Dataquery:
        """The query itself."""
        return self._query
