"""Nhìn lần đầu vào một ngày bão / First look at a storm day.

Open: marimo edit notebooks/first_look.py. Run as a script: python notebooks/first_look.py.
"""

import marimo

app = marimo.App(width="medium", app_title="Phù Sa: ngày bão / a storm day")


@app.cell
def imports():
    import marimo as mo
    import matplotlib.pyplot as plt
    import polars as pl

    from connectors.timescale.frames import tables

    t = tables()
    return mo, pl, plt, t


@app.cell
def title(mo):
    mo.md(
        """
        # Ngày bão trên sông Bồ
        *A storm day on the Bồ: what the stations said, what was flagged, who was warned.*

        Mọi giờ là giờ Việt Nam. Giá trị ngoài phạm vi vật lý được giữ nguyên, mang cờ "sai" và không được vẽ.
        *(All times are Vietnamese. Values that failed a test of quality are kept, flagged "fail", and not drawn.)*
        """
    )


@app.cell
def load(mo, t):
    observation = t.observation()
    empty = observation.is_empty()
    words = (
        "**Chưa có dữ liệu.** Chạy `make demo` rồi mở lại. *(No data yet: run `make demo` and open again.)*"
        if empty
        else f"**{observation.height:,}** số liệu của **{observation['station'].n_unique()}** trạm, "
        f"từ {observation['at'].min():%d/%m/%Y %H:%M} đến {observation['at'].max():%d/%m/%Y %H:%M}."
    )
    mo.md(words)
    return (observation,)


@app.cell
def flags(mo, observation, pl):
    counts = (
        observation.group_by("station", "parameter", "unit")
        .agg(
            pl.len().alias("số liệu"),
            (pl.col("flag") == 4).sum().alias("cờ sai"),
            pl.col("value").filter(pl.col("flag") < 4).min().alias("thấp nhất"),
            pl.col("value").filter(pl.col("flag") < 4).max().alias("cao nhất"),
        )
        .sort("station", "parameter")
    )
    mo.vstack([mo.md("## Từng cảm biến *(each sensor)*"), mo.ui.table(counts, selection=None)])


@app.cell
def picture(observation, pl, plt, t):
    def draw(axis, parameter, name, colour):
        """One parameter of all stations, with the limits of its rules."""
        part = observation.filter((pl.col("parameter") == parameter) & (pl.col("flag") < 4))
        for (station,), group in part.group_by("station", maintain_order=True):
            axis.plot(group["at"].to_list(), group["value"].to_list(), label=station, linewidth=1.5)
        limits = t.rule_level().filter(pl.col("parameter") == parameter).unique(["name", "raise_at"])
        for limit in limits.sort("level").iter_rows(named=True):
            axis.axhline(limit["raise_at"], color=colour, linestyle="--", linewidth=1)
            axis.annotate(
                limit["name"], (1.01, limit["raise_at"]), xycoords=("axes fraction", "data"), fontsize=8
            )
        unit = part["unit"][0] if part.height else ""
        axis.set_ylabel(f"{name} [{unit}]")
        if part.height:
            axis.legend(fontsize=8, loc="upper left")
        else:
            axis.text(0.5, 0.5, "chưa có dữ liệu", transform=axis.transAxes, ha="center", color="grey")

    figure, axes = plt.subplots(3, 1, figsize=(11, 9), sharex=True, layout="constrained")
    draw(axes[0], "river_level", "Mực nước", "tab:red")
    draw(axes[1], "dissolved_oxygen", "Ôxy hoà tan", "tab:orange")
    draw(axes[2], "pm25", "PM2.5", "tab:purple")
    figure


@app.cell
def crowds(mo, pl, plt, t):
    people = t.people().filter(pl.col("flag") == 1)
    crowd_figure, crowd_axis = plt.subplots(figsize=(11, 3), layout="constrained")
    for (camera, name), counts_there in people.group_by("camera", "name", maintain_order=True):
        crowd_axis.step(
            counts_there["at"].to_list(), counts_there["people"].to_list(), label=f"{name} ({camera})"
        )
    for crowd in t.rule_level().filter(pl.col("kind") == "crowd").iter_rows(named=True):
        crowd_axis.axhline(crowd["raise_at"], color="tab:red", linestyle="--", linewidth=1)
        crowd_axis.annotate(
            crowd["name"], (1.01, crowd["raise_at"]), xycoords=("axes fraction", "data"), fontsize=8
        )
    if people.is_empty():
        crowd_axis.text(
            0.5, 0.5, "chưa có dữ liệu", transform=crowd_axis.transAxes, ha="center", color="grey"
        )
    else:
        crowd_axis.legend(fontsize=8, loc="upper left")
    crowd_axis.set_ylabel("Số người")
    mo.vstack([mo.md("## Số người theo vùng *(people per zone)*"), crowd_figure])


@app.cell
def money(mo, pl, plt, t):
    ledger = t.payments()
    by_hour = (
        ledger.group_by(pl.col("at").dt.truncate("1h").alias("giờ"), "hamlet")
        .agg(pl.col("net_vnd").sum() / 1e6)
        .pivot(on="hamlet", index="giờ", values="net_vnd", sort_columns=True)
        .sort("giờ")
        .fill_null(0)
    )
    money_figure, money_axis = plt.subplots(figsize=(11, 3), layout="constrained")
    below = [0.0] * by_hour.height
    for hamlet in by_hour.columns[1:]:
        height = by_hour[hamlet].to_list()
        money_axis.bar(
            by_hour["giờ"].to_list(), height, width=1 / 26, bottom=below, label=hamlet, align="edge"
        )
        below = [low + high for low, high in zip(below, height, strict=True)]
    if ledger.is_empty():
        money_axis.text(
            0.5, 0.5, "chưa có dữ liệu", transform=money_axis.transAxes, ha="center", color="grey"
        )
    else:
        money_axis.legend(fontsize=8, ncols=2, loc="upper right")
    money_axis.set_ylabel("Triệu đồng mỗi giờ")
    mo.vstack(
        [
            mo.md("## Thanh toán theo giờ và thôn *(payments by hour and hamlet)*"),
            money_figure,
            mo.ui.table(t.cashless(), selection=None),
        ]
    )
    return (ledger,)


@app.cell
def alerts(mo, t):
    mo.vstack([mo.md("## Cảnh báo *(alerts)*"), mo.ui.table(t.alert(), selection=None)])


@app.cell
def replayed(mo, pl, t):
    from connectors.commune import load as commune_of
    from connectors.settings import settings
    from models.replay.sweep import sweep

    commune = commune_of(settings().commune)
    rule = commune.rules[0]
    watched = [
        parameter
        for station in commune.stations
        for parameter in station.parameters
        if station.id in rule.stations and parameter.code == rule.parameter
    ]
    # With the settings of quality control and what the instruments were doing: judged as the flow judges.
    history = t.past(commune, rule)
    first = rule.levels[0]
    limits = [round(first.raise_at * share, 2) for share in (0.8, 1.0, 1.2, 1.5)]
    trials = sweep(rule, watched[0], history, first.level, limits) if watched else []
    would = pl.DataFrame(
        [{"ngưỡng": trial.limit, "số báo động": len(trial.alerts)} for trial in trials],
        schema={"ngưỡng": pl.Float64, "số báo động": pl.Int64},
    )
    mo.vstack(
        [
            mo.md(f"## Nếu ngưỡng `{rule.id}` khác đi *(what other limits would have told)*"),
            mo.ui.table(would, selection=None),
        ]
    )
    return (would,)


@app.cell
def messages(mo, t):
    mo.vstack([mo.md("## Tin nhắn *(messages)*"), mo.ui.table(t.notification(), selection=None)])


@app.cell
def rejects(mo, pl, t):
    by_reason = (
        t.rejected().group_by("reason").agg(pl.len().alias("số bản tin"), pl.col("vi").first().alias("ví dụ"))
    )
    mo.vstack([mo.md("## Bị từ chối *(rejected)*"), mo.ui.table(by_reason.sort("reason"), selection=None)])


if __name__ == "__main__":
    app.run()
