"""How our screens look: dark and calm, colour only for what is not as it should be, and no data that looks like good news.

Colours, shapes and words of states are those of models/catalogue/states.py. Measured lines are neutral; limits are bands in the
colour of the state that they mean. What no mapping knows is grey, never green.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from grafana_foundation_sdk.builders import common, stat, table, text, timeseries
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import common as plain
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import text as text_model

from dashboards.postgres_query import BLANK, SOURCE, Query, Sql
from models.catalogue.states import STATES, State

NO_DATA = "không có dữ liệu"
GOOD, WATCH, WARN, ALARM, UNKNOWN = (
    STATES[one].colour for one in (State.NORMAL, State.WATCH, State.WARNING, State.DANGER, State.SILENT)
)
CALM, MEASURED = "#3a3f47", "#d8d9da"
"""The ground of what is as it should be, and a line that was measured."""
SERIES = ("#d8d9da", "#7eb6d9", "#c9a0dc", "#a3a3a3", "#e0b8a0", "#5f8fb0", "#8d75a8", "#bcbd8b")
"""Lines beside one another: none of them is the colour of a state, so that none of them seems to be one."""
WORDS = {f"{row.shape} {row.vi}": row.colour for row in STATES.values()}
"""What SQL says of a state ("▲ CẢNH BÁO") and its colour; `said_calm` leaves what is normal without one."""

P = TypeVar("P", stat.Panel, table.Panel, timeseries.Panel)


def at(x: int, y: int, w: int, h: int) -> model.GridPos:
    """A place on the wall: 24 columns, rows of 30 px."""
    return model.GridPos(x=x, y=y, w=w, h=h)


def steps(*pairs: tuple[float | None, str]) -> build.ThresholdsConfig:
    """Colours from their values on; the first has no value. Only of what the law or a standard colours (VN_AQI), never of a limit."""
    found = [model.Threshold(value=value, color=color) for value, color in pairs]
    return build.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(found)


def titled(panel: P, vi: str, en: str, place: model.GridPos) -> P:
    """Vietnamese title, English description, grey where no mapping says otherwise, and a word where nothing came."""
    panel.title(vi).description(en).grid_pos(place).datasource(SOURCE).no_value(NO_DATA)
    return panel.thresholds(steps((None, UNKNOWN)))


def figure(
    vi: str,
    en: str,
    query: Sql,
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


def graph(vi: str, en: str, queries: Sequence[Sql], unit: str, place: model.GridPos) -> timeseries.Panel:
    """Lines over time, none in the colour of a state; gaps stay gaps."""
    panel = titled(timeseries.Panel(), vi, en, place).unit(unit).line_width(2).fill_opacity(0)
    panel.show_points(plain.VisibilityMode.NEVER).span_nulls(False)
    panel.color_scheme(build.FieldColor().mode(model.FieldColorModeId.FIXED).fixed_color(MEASURED))
    panel.legend(
        common.VizLegendOptions()
        .display_mode(plain.LegendDisplayMode.LIST)
        .placement(plain.LegendPlacement.BOTTOM)
        .show_legend(True)
    )
    panel.tooltip(common.VizTooltipOptions().mode(plain.TooltipDisplayMode.MULTI))
    for ref, query in zip("ABCDEF", queries, strict=False):
        panel.with_target(Query(query, "time_series", ref))
    return panel


def bands(panel: timeseries.Panel) -> timeseries.Panel:
    """Draw the series "dải 2 ▲ …" (what `bands.sql` gives) as grounds in the colour of their shape, out of legend and tooltip.

    Each is as high as its band, and they are stacked; in the order of their numbers: a level of the configuration moves its band, and no panel names one.
    """
    for row in STATES.values():
        panel.override_by_regexp(
            rf"/^dải \d+ {_plain(row.shape)}/",
            [
                model.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": row.colour}),
                model.DynamicConfigValue(
                    id_val="custom.stacking",
                    value={"mode": plain.StackingMode.NORMAL.value, "group": "bands"},
                ),
                model.DynamicConfigValue(id_val="custom.lineWidth", value=0),
                model.DynamicConfigValue(
                    id_val="custom.fillOpacity", value=0 if row.code is State.NORMAL else 22
                ),
                model.DynamicConfigValue(id_val="custom.spanNulls", value=True),
                model.DynamicConfigValue(
                    id_val="custom.hideFrom", value={"legend": True, "tooltip": True, "viz": False}
                ),
            ],
        )
    return panel


def limits(panel: timeseries.Panel) -> timeseries.Panel:
    """Draw the series "▲ BĐ2 …" that stand at a limit as thin dashed lines in the colour of their shape."""
    return _shaped(
        panel,
        "— ",
        {
            "custom.lineStyle": {"fill": "dash", "dash": [10, 8]},
            "custom.lineWidth": 1,
            "custom.spanNulls": True,
        },
    )


def marks(panel: timeseries.Panel) -> timeseries.Panel:
    """Draw the series "báo ▲ …" (what `marks_*.sql` give: one of each alert of this very graph) as points on the curve.

    Grafana's own annotations are of a whole screen before 9.4, a mark on each graph; a point belongs to its graph in every version.
    """
    points = {"custom.drawStyle": "points", "custom.pointSize": 14, "custom.showPoints": "always"}
    return _shaped(panel, "báo ", points)


def _shaped(panel: timeseries.Panel, before: str, values: Mapping[str, object]) -> timeseries.Panel:
    for row in STATES.values():
        colour = model.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": row.colour})
        others = [model.DynamicConfigValue(id_val=key, value=value) for key, value in values.items()]
        panel.override_by_regexp(f"/^{before}{_plain(row.shape)}/", [colour, *others])
    return panel


def _plain(shape: str) -> str:
    """A shape as a regular expression."""
    return rf"\{shape}" if shape == "?" else shape


def dashed(panel: timeseries.Panel, pattern: str, colour: str | None = "#a3a3a3") -> timeseries.Panel:
    """What was reckoned and not measured: the series whose name matches, dashed and grey; `colour` None: in its own."""
    values: dict[str, object] = {
        "custom.lineStyle": {"fill": "dash", "dash": [6, 6]},
        "custom.lineWidth": 2,
    }
    if colour is not None:
        values["color"] = {"mode": "fixed", "fixedColor": colour}
    found = [model.DynamicConfigValue(id_val=key, value=value) for key, value in values.items()]
    return panel.override_by_regexp(pattern, found)


def listing(vi: str, en: str, query: Sql, place: model.GridPos, empty: str | None = None) -> table.Panel:
    """A table; `empty` are the words of its one row where there is nothing to tell (needed wherever its columns are texts)."""
    return titled(table.Panel(), vi, en, place).with_target(Query(query, "table", empty=empty))


def words(vi: str, en: str, variable: str, place: model.GridPos) -> text.Panel:
    """A panel that shows what the SQL of a hidden variable (`Told`) wrote: HTML, with pictures as data URIs.

    Grafana's sanitiser (js-xss: 9.2 to 12) lets `img src="data:image/…"` and plain styles pass, so that words of any size, maps and
    pictures need no plug-in and no server. `en` stands in the description of a panel that has a title.
    """
    panel = text.Panel().title(vi).grid_pos(place).datasource(SOURCE).transparent(True)
    if vi:
        # Of a panel without a title Grafana draws the description's corner over the words.
        panel.description(en)
    return panel.mode(text_model.TextMode.HTML).content(f"${{{variable}:raw}}")


def worded(
    panel: table.Panel, column: str, colours: Mapping[str, str], width: int | None = None
) -> table.Panel:
    """Colour the ground of a column's cells by their words; a word that is not among them is grey."""
    options = {
        word: {"text": word, "color": colour, "index": i}
        for i, (word, colour) in enumerate({**colours, BLANK: "transparent"}.items())
    }
    values: dict[str, object] = {
        "mappings": [{"type": "value", "options": options}],
        "thresholds": {"mode": "absolute", "steps": [{"value": None, "color": UNKNOWN}]},
        "color": {"mode": "thresholds"},
        "custom.displayMode": "color-background-solid",
        "custom.cellOptions": {"type": "color-background", "mode": "basic"},
    }
    if width is not None:
        values["custom.width"] = width
    return panel.override_by_name(
        column, [model.DynamicConfigValue(id_val=key, value=value) for key, value in values.items()]
    )


def stated(panel: table.Panel, column: str = "Tình trạng", width: int = 190) -> table.Panel:
    """A column of states in the words of SQL (`shape || ' ' || state_vi`), each in its colour; nothing for what is normal."""
    return worded(panel, column, {**WORDS, said(State.NORMAL): CALM, NO_DATA: CALM}, width)


def said(state: State) -> str:
    """A state as SQL says it."""
    row = STATES[state]
    return f"{row.shape} {row.vi}"


def column(panel: table.Panel, name: str, **properties: object) -> table.Panel:
    """Set properties of one column, e.g. unit="s", width=90 (pixels)."""
    ids = {"width": "custom.width"}
    values = [model.DynamicConfigValue(id_val=ids.get(k, k), value=v) for k, v in properties.items()]
    return panel.override_by_name(name, values)


def widths(panel: table.Panel, pixels: Mapping[str, int]) -> table.Panel:
    """So that what matters stands on a screen of 1,920 pixels without scrolling."""
    for name, width in pixels.items():
        column(panel, name, width=width)
    return panel


def linked(panel: table.Panel, name: str, address: str, title: str) -> table.Panel:
    """Make the cells of a column links to what the hidden column `address` of their row holds; `title` is the link's own word."""
    column(panel, name, links=[{"title": title, "url": f"${{__data.fields.{address}}}", "targetBlank": True}])
    hidden: dict[str, object] = {"custom.hidden": True}
    return column(panel, address, **hidden)


def stacked() -> common.StackingConfig:
    """Bars upon bars."""
    return common.StackingConfig().mode(plain.StackingMode.NORMAL).group("A")


POINTS = plain.VisibilityMode.AUTO
BARS = plain.GraphDrawStyle.BARS


def placed(screen: build.Dashboard, panels: Iterable[object]) -> build.Dashboard:
    """The screen with its panels."""
    for panel in panels:
        screen.with_panel(panel)  # type: ignore[arg-type]
    return screen
