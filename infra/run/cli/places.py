"""`phusa places`: say every place of the commune as of each of some times, into the history that screens show."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

import typer

from connectors.settings import settings


def places(
    start: Annotated[
        datetime,
        typer.Option(
            "--from", help="giờ Việt Nam nếu không ghi múi giờ (Vietnam's time where none is named)"
        ),
    ],
    until: Annotated[datetime, typer.Option("--to", help="như trên (as above)")],
    every: Annotated[
        int, typer.Option("--every", min=1, help="giây giữa hai lần (seconds between two)")
    ] = 300,
    *,
    show: Annotated[
        bool, typer.Option("--show", help="in các câu lần cuối (print the last sentences)")
    ] = False,
) -> None:
    """Nói lại mọi nơi cho một quãng đã qua (say all places of a past span)."""
    from connectors import commune as folder
    from connectors.clock import VIETNAM
    from connectors.timescale.connection import Store
    from connectors.timescale.places import Places
    from models.places.sentence import aged

    first, last = (one if one.tzinfo else one.replace(tzinfo=VIETNAM) for one in (start, until))
    if last < first:
        typer.echo("--to phải không trước --from (--to must not be before --from)", err=True)
        raise typer.Exit(2)
    saying, store = Places(folder.load(settings().commune)), Store(settings().dsn("writer"))
    at, count = first, 0
    while at <= last:
        said = store.transaction(partial(saying.say, t=at))
        at, count = at + timedelta(seconds=every), count + 1
    store.close()
    typer.echo(f"Đã nói {len(said)} nơi ở {count} thời điểm ({len(said)} places at {count} times)")
    for one in said if show else ():
        typer.echo(aged(one, one.at).vi)
