"""How our panels look: alarm colours with words beside them, and no data that looks like good news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from grafana_foundation_sdk.builders import common, stat, table, timeseries
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import common as plain
from grafana_foundation_sdk.models import dashboard as model

from dashboards.postgres_query import BLANK, SOURCE, Query

NO_DATA = "không có dữ liệu"
# The colours of the risk levels, Decision 18/2021/QD-TTg: light blue, yellow, orange, red, purple;
# green is "nothing", grey is "unknown".
GOOD, WATCH, WARN, ALARM, UNKNOWN = "green", "yellow", "orange", "red", "#8e8e8e"

P = TypeVar("P", stat.Panel, table.Panel, timeseries.Panel)


def at(x: int, y: int, w: int, h: int) -> model.GridPos:
    """A place on the wall: 24 columns, rows of 30 px."""
    return model.GridPos(x=x, y=y, w=w, h=h)


def steps(*pairs: tuple[float | None, str]) -> build.ThresholdsConfig:
    """Colours from their values on; the first has no value."""
    found = [model.Threshold(value=value, color=color) for value, color in pairs]
    return build.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(found)


def titled(panel: P, vi: str, en: str, place: model.GridPos) -> P:
    """Vietnamese title, English description, and a word where nothing came."""
    return panel.title(vi).description(en).grid_pos(place).datasource(SOURCE).no_value(NO_DATA)


def figure(
    vi: str,
    en: str,
    query: str,
    unit: str,
    colours: build.ThresholdsConfig,
    place: model.GridPos,
    nothing: str = NO_DATA,
) -> stat.Panel:
    """One big figure, its ground in the alarm colour."""
    unknown = model.SpecialValueMap(
        options=model.DashboardSpecialValueMapOptions(
            match=model.SpecialValueMatch.NULL, result=model.ValueMappingResult(text=nothing, color=UNKNOWN)
        )
    )
    panel = (
        titled(stat.Panel(), vi, en, place)
        .no_value(nothing)
        .unit(unit)
        .thresholds(colours)
        .mappings([unknown])
    )
    return (
        panel.with_target(Query(query, "table"))
        .color_mode(plain.BigValueColorMode.BACKGROUND)
        .graph_mode(plain.BigValueGraphMode.NONE)
        .text_mode(plain.BigValueTextMode.VALUE)
        .reduce_options(common.ReduceDataOptions().calcs(["last"]).values(False))
    )


def graph(vi: str, en: str, queries: Sequence[str], unit: str, place: model.GridPos) -> timeseries.Panel:
    """Lines over time; gaps stay gaps."""
    panel = titled(timeseries.Panel(), vi, en, place).unit(unit).line_width(2).fill_opacity(8)
    panel.show_points(plain.VisibilityMode.NEVER).span_nulls(False)
    panel.legend(
        common.VizLegendOptions()
        .display_mode(plain.LegendDisplayMode.LIST)
        .placement(plain.LegendPlacement.BOTTOM)
        .show_legend(True)
    )
    panel.tooltip(common.VizTooltipOptions().mode(plain.TooltipDisplayMode.MULTI))
    for ref, query in zip("ABCD", queries, strict=False):
        panel.with_target(Query(query, "time_series", ref))
    return panel


def limit_lines(panel: timeseries.Panel, colours: Mapping[str, str]) -> timeseries.Panel:
    """Draw the series whose name matches as dashed lines of the alarm's colour."""
    for pattern, colour in colours.items():
        panel.override_by_regexp(
            pattern,
            [
                model.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": colour}),
                model.DynamicConfigValue(id_val="custom.lineStyle", value={"fill": "dash", "dash": [12, 8]}),
                model.DynamicConfigValue(id_val="custom.fillOpacity", value=0),
                model.DynamicConfigValue(id_val="custom.spanNulls", value=True),
            ],
        )
    return panel


def listing(vi: str, en: str, query: str, place: model.GridPos, empty: str | None = None) -> table.Panel:
    """A table; `empty` are the words of its one row where there is nothing to tell."""
    return titled(table.Panel(), vi, en, place).with_target(Query(query, "table", empty=empty))


def worded(panel: table.Panel, column: str, colours: Mapping[str, str]) -> table.Panel:
    """Colour the ground of a column's cells by their words."""
    options = {
        word: {"text": word, "color": colour, "index": i}
        for i, (word, colour) in enumerate({**colours, BLANK: "transparent"}.items())
    }
    return panel.override_by_name(
        column,
        [
            model.DynamicConfigValue(id_val="mappings", value=[{"type": "value", "options": options}]),
            model.DynamicConfigValue(id_val="custom.displayMode", value="color-background-solid"),
            model.DynamicConfigValue(
                id_val="custom.cellOptions", value={"type": "color-background", "mode": "basic"}
            ),
        ],
    )


def column(panel: table.Panel, name: str, **properties: object) -> table.Panel:
    """Set properties of one column, e.g. unit="s", width=90 (pixels)."""
    ids = {"width": "custom.width"}
    values = [model.DynamicConfigValue(id_val=ids.get(k, k), value=v) for k, v in properties.items()]
    return panel.override_by_name(name, values)


def pictures(panel: table.Panel, column: str) -> table.Panel:
    """Show a column of data URIs as pictures, in rows that are high enough."""
    panel.cell_height(plain.TableCellHeight.LG)
    return panel.override_by_name(
        column,
        [
            model.DynamicConfigValue(id_val="custom.displayMode", value="image"),
            model.DynamicConfigValue(id_val="custom.cellOptions", value={"type": "image"}),
        ],
    )


def stacked() -> common.StackingConfig:
    """Bars upon bars."""
    return common.StackingConfig().mode(plain.StackingMode.NORMAL).group("A")


POINTS = plain.VisibilityMode.AUTO
BARS = plain.GraphDrawStyle.BARS


def threshold_lines() -> common.GraphThresholdsStyleConfig:
    """Dashed lines at the thresholds' values."""
    return common.GraphThresholdsStyleConfig().mode(plain.GraphThresholdsStyleMode.DASHED)
