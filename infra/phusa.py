"""The command line `phusa`. Each command's module is imported when it is called."""

from __future__ import annotations

import typer

from connectors.settings import SettingsError, settings
from infra.lab.command import bench, kill
from infra.lab.labelling.command import app as label
from infra.lab.replay.command import replay
from infra.lab.training.command import train
from infra.rehearsal.command import demo
from infra.run.cli import alerts, announce, camera, grafana, rejected, report, station
from infra.run.cli.check import check
from infra.run.cli.doctor import doctor
from infra.run.cli.drill import drill
from infra.run.cli.logs import logs
from infra.run.cli.messages import messages
from infra.run.cli.places import places
from infra.run.cli.reshard import reshard
from infra.run.cli.status import status
from infra.run.cli.up import down, prepare, up
from infra.run.processes import run

app = typer.Typer(
    help="Phù Sa: từ trạm đo đến điện thoại (from the station to the phone).\n\n"
    "Cài đặt là biến PHUSA_*; xem infra/runbook.md (settings are PHUSA_* variables).",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)
for one in (
    up,
    down,
    status,
    doctor,
    logs,
    demo,
    check,
    replay,
    bench,
    kill,
    drill,
    run,
    prepare,
    train,
    places,
    messages,
    reshard,
):
    app.command()(one)
app.add_typer(alerts.app, name="alerts")
app.add_typer(rejected.app, name="rejected")
app.add_typer(grafana.app, name="grafana")
app.add_typer(station.app, name="station")
app.add_typer(camera.app, name="camera")
app.add_typer(report.app, name="report")
app.add_typer(announce.app, name="announce")
app.add_typer(label, name="label")


@app.callback()
def _settings() -> None:
    """Name a PHUSA_* variable that cannot be used, before any command uses it."""
    try:
        settings()
    except SettingsError as error:
        typer.echo(f"LỖI / ERROR: {error}", err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    app()
