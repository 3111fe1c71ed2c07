"""`phusa demo`: empty stack, play, wait, account, say, report. Exit 1 names what is missing."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from confluent_kafka.admin import AdminClient
from rich.console import Console

from connectors import clock
from connectors.settings import settings
from infra.rehearsal.demo import (
    accounting,
    database,
    eye_panels,
    eyes,
    films,
    followers,
    gallery,
    history,
    market,
    outcome,
    people,
    photographs,
    storm,
    teaching,
)
from infra.rehearsal.demo.director import Director
from infra.rehearsal.demo.say import say
from infra.rehearsal.demo.stage import Stage, keep_frames, keep_history, quiet
from infra.rehearsal.demo.steps import Follower
from infra.rehearsal.demo.summary import Summary
from infra.rehearsal.recordings import configuration, signed
from infra.rehearsal.recordings import films as films_of
from infra.rehearsal.simulator.truth import Day
from infra.run.processes import PROCESSES
from models.commune.configuration import Commune

PLAY_S = 110.0
"""Seconds in which the storm's 24 hours are played."""
FILE_WIDTH = 150
DAY = timedelta(days=1)
PAGE = "page"
"""The process that stands first, so that the day is watched as it comes."""


def main(
    data: Path | None = None,
    *,
    seconds: float = PLAY_S,
    wanted: storm.Wanted | None = None,
    keep: bool | None = None,
    screens: Path | None = None,
    kept_films: Path | None = None,
    console: Console | None = None,
) -> int:
    """Play the storm day, or with `data` the real recordings; the exit code.

    `seconds` is how long the storm's day takes at least, `wanted` which day it is (None: yesterday, as the model storm). The stack stays up after the play on a terminal (the phone inbox is worth a look); `keep` says otherwise. `screens`: a folder for the
    README's photographs of the pages; `kept_films` one in which the cameras' films stay for the next play.
    """
    console = console or _console()
    started = clock.system()
    runner: Director = (
        History(console, data)
        if data is not None
        else Storm(console, seconds, wanted or storm.Wanted(), screens, kept_films)
    )
    stage = runner.stage
    stays = keep if keep is not None else console.is_terminal and os.environ.get("CI") != "true"
    try:
        summary = runner.run(started)
    except BaseException:  # Ctrl-C too: nothing is left running, and the error goes on
        stage.down()
        raise
    var = stage.settings.var
    (var / "summary.json").write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=1))
    say(console, summary)
    console.print(f"\nBáo cáo (report): {var / 'report.html'}", highlight=False, soft_wrap=True)
    console.print(f"Số liệu (figures): {var / 'summary.json'}", highlight=False, soft_wrap=True)
    if stays:
        console.print(f"[bold]Hộp thư điện thoại (phone inbox): {summary.inbox}[/]", highlight=False)
        for title, link in stage.screens():
            console.print(f"{title}: {link}", highlight=False, soft_wrap=True)
        console.print(f"Dừng (stop): {stage.stop_command()}", highlight=False, soft_wrap=True)
        console.print(
            f"[bold]Trang thông tin (information page): {stage.settings.page_url}/[/]", highlight=False
        )
    else:
        stage.down()
        console.print(
            "Đã dừng hệ thống; --keep để xem hộp thư (stack stopped; --keep shows the inbox)", highlight=False
        )
    return 0 if summary.ok else 1


def _console() -> Console:
    """A file has no width of its own: the tables need 110 columns."""
    console = Console()
    return console if console.is_terminal else Console(width=FILE_WIDTH)


class Storm(Director):
    """The simulated day."""

    kind = "storm"

    def __init__(
        self, console: Console, seconds: float, wanted: storm.Wanted,
        screens: Path | None = None, kept_films: Path | None = None,
    ) -> None:  # fmt: skip
        self.source = settings().commune
        super().__init__(console, Stage(own_commune=True))
        self.speed, self.wanted, self.screens = DAY.total_seconds() / seconds, wanted, screens
        self.kept_films = kept_films

    def run(self, started: datetime) -> Summary:
        """Play the day and tell."""
        self.stage.empty()
        films.configure(self.source, self.stage.settings.commune, self.speed)
        commune, day = storm.make(self.stage, self.wanted)
        now, setting = storm.clock_of(self.stage, day, self.speed)
        # The servers and the page alone: topics must know how long to keep before the first record comes, and who
        # watches sees the day from its beginning.
        self.stage.take_clock(setting)
        self.stand((PAGE,))
        keep_frames(self.stage.settings.bootstrap)
        self.say_page()
        truth, watched = day.truth, storm.watched(commune)
        river = films.river_of(truth)
        with self.console.status("dạy camera đường tràn (teaching the ford's camera)"):
            teaching.teach(commune, self.stage.settings.var / "lessons", truth.start)
        with self.console.status("dựng phim của các camera (rendering the cameras' films)"):
            cameras = films.make(
                commune,
                self.stage.settings.var / "films",
                self.speed,
                self.wanted.hours,
                river,
                self.kept_films,
            )
        truth = films.with_crowds(truth, films.crossings(commune, cameras, truth.start))
        cashier = market.Cashier(commune, truth.start, self.wanted.seed)

        with films.Projector(self.stage, cameras) as projector:
            projector.begin(truth.start, self.stage.settings.var / "run" / "clock")
            # All processes stand on a clock that waits for them: the day begins when each has said that it is ready.
            self.stage.set_clock(setting)
            cashier.begin(self.stage.settings, now)
            self.watch()
            stands = storm.Played(
                self.console, self.stage, day, lambda: database.progress(self.db, watched), self.supervised
            )

            def alive() -> None:
                self.supervised.check()
                projector.check()

            sent, play_s = storm.play(
                stands, now, self.speed, self.wanted.hours, self.followers(day, cashier, projector, commune),
                lambda at: projector.step(at, alive), alive, timedelta(minutes=self.wanted.step_min),
            )  # fmt: skip
            cashier.day_is_over()
            # Else the cameras look on while the clock stands, and a machine too slow for them is never at rest.
            projector.end()
            settle_s = self.settle(lambda: (cashier.done, cashier.tally.sent))
        cashier.end()
        leads = accounting.leads(truth, database.changes(self.db))
        counted, ends = self.final()
        gaps = [*accounting.against(truth, counted), *accounting.missed(leads)]
        self.money = market.money(self.db) if cashier.day else None
        frames = projector.sent()
        gaps += projector.gaps(frames, self.streams())
        gaps += cashier.gaps(ends, self.money) if self.money else []
        faults = {str(name): count for name, count in truth.faults.items()}
        span = (truth.start, truth.start + timedelta(hours=self.wanted.hours))
        found = self.summary(
            commune, started, span, self.speed, (play_s, settle_s), sent, leads, [], faults, gaps
        )
        seen = eye_panels.evidences(self.db, commune, truth)
        found = msgspec.structs.replace(
            found, eyes=eyes.told(commune, truth.start, truth.curves, found.changes, seen)
        )
        told = outcome.collect(self.db, [place.id for place in commune.flood_places if place.cameras])
        (self.stage.settings.var / "outcome.json").write_bytes(
            msgspec.json.format(msgspec.json.encode(told), indent=1)
        )
        self.write(found, gallery.of_storm(self.db, commune, truth, found, cameras), commune)
        return found

    def followers(
        self, day: Day, cashier: market.Cashier, projector: films.Projector, commune: Commune
    ) -> tuple[list[Follower], list[Follower]]:
        """What the day's clock waits for: that all that was sent is judged, then what several sources say together and who is told."""
        # A connection of their own: they ask from the thread that sends.
        own = self.stage.settings
        db = database.connect(own.dsn("admin"))
        admin = AdminClient(quiet(self.stage.settings.bootstrap))
        judged: list[Follower] = [
            followers.Readings(db, day.events),
            followers.Told(cashier.due, cashier.told),
            followers.Flow(db, admin, "payments", "payments"),
            followers.Cameras(admin, projector.cameras),
            followers.Flow(db, admin, "cameras", "frames"),
        ]
        return judged, [
            followers.Flow(db, admin, "places", "testimony"),
            followers.Flow(db, admin, "alerts", "alerts"),
            people.People(db, own.gateway_url, commune),
            followers.Ladder(db),
            photographs.Photographer(
                self.console,
                db,
                photographs.wanted(day.truth, own.page_url, own.var, self.screens),
                timedelta(minutes=self.wanted.step_min),
            ),
        ]


class History(Director):
    """The real recordings."""

    kind = "recordings"

    def __init__(self, console: Console, data: Path) -> None:
        self.data, self.loaded = data, history.load(console, data)
        super().__init__(console, Stage(own_commune=True))

    def run(self, started: datetime) -> Summary:
        """Play the files and tell."""
        self.stage.empty()
        tapes, told = films_of.present(self.data), signed.messages(self.data)
        commune = configuration.write(self.loaded, tapes, self.stage.settings.commune)
        signed.provide(self.stage.settings.secrets_dir, told)
        self.stand((PAGE,))
        self.say_page()
        self.db.close()
        self.topics.close()
        # The films come from here, with their own times: no process looks for cameras.
        self.stand(tuple(process for process in PROCESSES if process != "capture"))
        own = self.stage.settings
        keep_history(own.bootstrap, own.dsn("admin"))
        answers = signed.send(own.payments_port, told)
        frames = films_of.publish(own, self.data, tapes, self.supervised.check)
        sent, play_s = history.play(
            self.console, self.stage, self.loaded, lambda: database.progress(self.db, None)
        )
        settle_s = self.settle()
        changes = database.changes(self.db)
        files = history.table(self.loaded, self.db, changes)
        gaps = history.gaps(files, self.final()[0].duplicates)
        self.films, self.signed = films_of.table(self.db, self.data, tapes, frames), answers
        spans = [one.span for one in self.loaded]
        span = (min(first for first, _ in spans), max(last for _, last in spans))
        found = self.summary(commune, started, span, None, (play_s, settle_s), sent, [], files, {}, gaps)
        self.write(found, gallery.of_files(self.db, commune, self.loaded, found), commune)
        return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
