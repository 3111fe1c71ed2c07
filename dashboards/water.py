"""Water as cameras see it, beside the gauges: lanes of dry, wet, flooded and not known; share, depth and level over time; how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import common, statetimeline
from grafana_foundation_sdk.models import common as plain
from grafana_foundation_sdk.models import dashboard as model

from dashboards import look, style
from dashboards.postgres_query import BLANK, SOURCE, Query
from models.catalogue.analytics import Analytic

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import timeseries

    from dashboards.postgres_query import Sql

ANALYTICS_DRAWN = (Analytic.WATER_SHARE, Analytic.WATER_DEPTH, Analytic.WATER_LEVEL, Analytic.WATER_STATE)
WET = "#5f8fb0"
"""A wet road is no danger and has no colour of a state."""
UNTAUGHT, UNKNOWN, DRY, WET_ROAD, FLOODED = -2, -1, 0, 1, 2
"""In a lane: nobody taught the camera; not known; then as models/vision/analytics/water_state.py has them."""
ENDED = -3
LANES = {
    DRY: ("khô", style.CALM),
    WET_ROAD: ("ướt", WET),
    FLOODED: ("ngập", style.WARN),
    UNKNOWN: ("không rõ", style.UNKNOWN),
    UNTAUGHT: ("chưa dạy", "#5f6368"),
    ENDED: (" ", "transparent"),
}
WORDS = {
    "khô": style.CALM,
    "ướt": WET,
    "ngập": style.WARN,
    "khô, cần xem": style.UNKNOWN,
    "ướt, cần xem": style.WATCH,
    "ngập, cần xem": style.WATCH,
    "không rõ": style.UNKNOWN,
    "chưa dạy": style.UNKNOWN,
    "–": "transparent",
    BLANK: "transparent",
}
"""What sql/cameras_zones.sql says of the water in a zone; by night a camera asks for somebody to look, and is never calm."""
GAUGE = r"/^≈ /"


def lanes(place: model.GridPos) -> statetimeline.Panel:
    """Dry, wet, flooded, not known of each zone; cameras that nobody taught in one lane of their own word."""
    panel = (
        statetimeline.Panel()
        .title("Nước trong vùng theo thời gian: khô, ướt, ngập, không rõ")
        .description(
            "Water in each zone over time, the eight worst, the others in one lane; cameras nobody taught in one"
        )
        .grid_pos(place)
        .datasource(SOURCE)
    )
    fills = {"ended": str(ENDED), "unknown": str(UNKNOWN), "untaught": str(UNTAUGHT)}
    panel.with_target(Query(("cameras_water", fills), "table")).unit("none")
    panel.no_value("chưa camera nào nói về nước trong khoảng này")
    options = {
        str(code): model.ValueMappingResult(word, colour, index=i)
        for i, (code, (word, colour)) in enumerate(LANES.items())
    }
    panel.mappings([model.ValueMap(options)]).thresholds(style.steps((None, style.UNKNOWN)))
    panel.show_value(plain.VisibilityMode.AUTO).merge_values(True).row_height(0.85)
    panel.fill_opacity(90).line_width(0).display_name("${__field.labels.metric}")
    panel.with_transformation(
        model.DataTransformerConfig(id_val="prepareTimeSeries", options={"format": "many"})
    )
    legend = common.VizLegendOptions().show_legend(False).display_mode(plain.LegendDisplayMode.LIST)
    return panel.legend(legend.placement(plain.LegendPlacement.BOTTOM))


def share(place: model.GridPos) -> timeseries.Panel:
    """Per cent of each zone under water, and the gauges' level on an axis of its own."""
    return _beside_the_gauge(
        "Phần vùng ngập nước (%) cạnh mực nước sông (m, trục phải)",
        "Share of each zone under water, the six with most, and the level of the gauges on the right; a gap: not known; an untaught camera has no line",
        Analytic.WATER_SHARE,
        "suffix: %",
        place,
    )


def depth(place: model.GridPos) -> timeseries.Panel:
    """Depth by marks."""
    return _beside_the_gauge(
        "Độ sâu theo vạch (cm), mực sông (m, phải)",
        "Depth of water by marks, and the level of the gauges on the right; a gap: not known",
        Analytic.WATER_DEPTH,
        "suffix: cm",
        place,
    )


def level(place: model.GridPos) -> timeseries.Panel:
    """Level at boards."""
    return _beside_the_gauge(
        "Mực nước ở thước (cm), mực sông (m, phải)",
        "Level read at boards, and the level of the gauges on the right; a gap: not known",
        Analytic.WATER_LEVEL,
        "suffix: cm",
        place,
    )


def sureness(place: model.GridPos) -> timeseries.Panel:
    """How sure each camera is of its water, the least sure first."""
    graph = style.graph(
        "Độ tin về nước (%)",
        "How sure each camera is of the water in its zone, the six least sure of those that were taught",
        [_values(Analytic.WATER_STATE, column="confidence", order="-value", scale="100")],
        "suffix: %",
        place,
    )
    graph.show_points(style.POINTS).span_nulls(False).min(0).max(100)
    return look.neutral(graph)


def _values(analytic: Analytic, column: str = "value", order: str = "value", scale: str = "1") -> Sql:
    return (
        "cameras_seen",
        {"analytic": analytic.value, "column": column, "order": order, "scale": scale},
    )


def _beside_the_gauge(
    vi: str, en: str, analytic: Analytic, unit: str, place: model.GridPos
) -> timeseries.Panel:
    fills = {"analytic": analytic.value}
    limits: list[Sql] = [("cameras_limits", fills), ("cameras_marks", fills)]
    graph = style.graph(vi, en, [_values(analytic), *limits, "cameras_gauge"], unit, place)
    graph.show_points(style.POINTS).span_nulls(False).min(0)
    gauge: dict[str, object] = {
        "unit": "suffix: m",
        "custom.axisPlacement": "right",
        "custom.lineStyle": {"fill": "dash", "dash": [6, 6]},
        # A gauge tells each ten minutes and more: a shorter gap is none.
        "custom.spanNulls": look.HOUR_MS,
        "color": {"mode": "fixed", "fixedColor": "#7eb6d9"},
    }
    graph.override_by_regexp(
        GAUGE, [model.DynamicConfigValue(id_val=key, value=value) for key, value in gauge.items()]
    )
    return style.marks(style.limits(look.neutral(graph)))
