"""What all screens have in common: head, links to the others, variables to choose by, and their JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as model

from dashboards import look, style
from dashboards.postgres_query import SOURCE, Sql, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grafana_foundation_sdk.builders import stat

ALL = "'*'"
"""What a variable holds when all is chosen: SQL asks `'*' in ($hamlet) or …`."""
STRIP_ROWS = 2
CHOICES = {"hamlet": "Thôn", "station": "Trạm", "camera": "Camera"}


def screen(
    uid: str,
    vi: str,
    question: str,
    *,
    choices: Sequence[str] = (),
    told: Mapping[str, Sql] | None = None,
    refresh: str = "30s",
) -> build.Dashboard:
    """A screen that answers one `question` (English), with links to the others that keep the time and the choices.

    `choices` are variables to choose by (hamlet, station, camera: sql/choose_<name>.sql); `told` are hidden ones by name,
    whose SQL writes what a panel of words (`style.words`) shows.
    """
    made = (
        build.Dashboard(f"Phù Sa – {vi}")
        .uid(uid)
        .description(question)
        .tags(["phusa"])
        .timezone("Asia/Ho_Chi_Minh")
        .time("now-24h", "now")
        .refresh(refresh)
        .readonly()
        .tooltip(model.DashboardCursorSync.CROSSHAIR)
    )
    made.link(
        build.DashboardLink("Các màn hình")
        .type(model.DashboardLinkType.DASHBOARDS)
        .tags(["phusa"])
        .as_dropdown(False)
        .keep_time(True)
        .include_vars(True)
    )
    for name in choices:
        made.with_variable(choice(name))
    for name, sql in (told or {}).items():
        made.with_variable(_told(name, sql))
    return made


def choice(name: str) -> build.QueryVariable:
    """A variable to choose one, several or all by; its values are codes, its texts names."""
    return (
        _query(name, f"choose_{name}", model.VariableRefresh.ON_DASHBOARD_LOAD)
        .label(CHOICES[name])
        .multi(True)
        .include_all(True)
        .all_value(ALL)
        .current(model.VariableOption(selected=True, text="Tất cả", value="$__all"))
    )


def _canary() -> stat.Panel:
    """One line: what stands below is of now only if the canary is."""
    colours = {"Tin thử đi hết": style.CALM, "Tin thử chậm": style.WATCH, "TIN THỬ TRỄ": style.WARN}
    words = look.beginning({**colours, "Tin thử chưa": style.UNKNOWN})
    place = style.at(0, 0, 24, STRIP_ROWS)
    return look.sentence("", "", "canary", place, words).no_value("tin thử: không hỏi được")


def _told(name: str, sql: Sql) -> build.QueryVariable:
    """What SQL writes, anew with each refresh; in no address, for it is long."""
    return _query(name, sql, model.VariableRefresh.ON_TIME_RANGE_CHANGED).hide(
        model.VariableHide.HIDE_VARIABLE
    )


def _query(name: str, sql: Sql, refresh: model.VariableRefresh) -> build.QueryVariable:
    return (
        build.QueryVariable(name)
        .datasource(SOURCE)
        .query(read(sql))
        .refresh(refresh)
        .sort(model.VariableSort.DISABLED)
    )


def to_json(made: build.Dashboard, *, strip: bool = True) -> str:
    """The dashboard as Grafana's provisioning reads it; above all else how old the canary is, unless it says so itself (`strip`)."""
    if strip:
        made.with_panel(_canary())
    whole = json.loads(json.dumps(made.build(), cls=JSONEncoder))
    if strip:
        # The builder puts each panel behind the last; this one stands above all.
        *below, first = whole["panels"]
        first["gridPos"] |= {"x": 0, "y": 0}
        for panel in below:
            panel["gridPos"]["y"] += STRIP_ROWS
    for one in whole.get("templating", {}).get("list", []):
        one["definition"] = one["query"]
        one["skipUrlSync"] = one.get("hide") == model.VariableHide.HIDE_VARIABLE.value
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
