"""What both plays share: stand the stage up, wait until all is settled, collect what was found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from rich.console import Console

from infra.rehearsal.demo import accounting, database, gallery, people, progress, report, streams
from infra.rehearsal.demo.accounting import Counted, Gap, Lead
from infra.rehearsal.demo.market import Money
from infra.rehearsal.demo.stage import Stage, Topics
from infra.rehearsal.demo.stillness import Stillness
from infra.rehearsal.demo.streams import Ends
from infra.rehearsal.demo.summary import FileRow, Summary, Told
from infra.rehearsal.demo.supervised import Supervised
from infra.rehearsal.recordings.films import FilmRow
from infra.rehearsal.recordings.signed import SignedRow
from infra.run.stack import lifecycle
from infra.run.stack.place import place
from infra.run.stack.supervisor import Supervisor
from infra.run.stack.voice import tell
from models.commune.configuration import Commune


class Director(ABC):
    """What both plays share: stand the stage up, watch, wait, collect."""

    kind: str
    money: Money | None = None
    """The ledger, once it has been asked for."""
    films: Sequence[FilmRow] = ()
    signed: Sequence[SignedRow] = ()
    """Of recordings: films, and payment messages with their answers."""

    def __init__(self, console: Console, stage: Stage) -> None:
        self.console, self.stage = console, stage
        self._whole: tuple[Counted, list[Ends]] | None = None

    def stand(self, names: tuple[str, ...] | None = None) -> None:
        """Start the servers and the processes `names` (None: all), and open the two ways to look at them."""
        self.stage.up(names)
        self.watch()
        self.topics = Topics(self.stage.settings.bootstrap, self._alive, self._worked_s)
        self.db = database.connect(self.stage.settings.dsn("admin"))

    def _alive(self) -> None:
        self.supervised.check()

    def _worked_s(self) -> float:
        return self.supervised.worked_s()

    def watch(self) -> None:
        """From now on all that runs has to go on; who ends meanwhile is said."""
        own = self.stage.settings
        names = [one.program for one in lifecycle.state(own)]
        self.supervised = Supervised(Supervisor(place(own)), names, tell)

    def settle(self, others: Callable[[], tuple[bool, int]] = lambda: (True, 0)) -> float:
        """Wait until all is settled; `others`: whether what only this play has is done, and how much of it. The seconds until then."""
        return progress.settle(
            self.console,
            lambda: others()[0] and self.settled(),
            Stillness(self.supervised.worked_s),
            lambda: (self._done(), others()[1]),
            self.supervised.check,
        )

    def _done(self) -> object:
        """How much has an end by now. Not what Kafka has: the bridge and the intake beat for ever."""
        counted = self.counted()
        ended = [(one.read, one.ended) for one in self.streams()]
        return counted.read, counted.ended, ended, database.waiting(self.db)

    def say_page(self) -> None:
        """Where to watch, before the day begins."""
        url = self.stage.settings.page_url
        self.console.print(
            f"[bold]Mở ngay để xem cơn bão đang tới (open now and watch the storm come): {url}/wall[/]\n"
            f"Trang cho người dân (the citizens' page): {url}/",
            highlight=False, soft_wrap=True,
        )  # fmt: skip

    def settled(self) -> bool:
        """Every record is read and ended, every change has its messages, every message an answer."""
        # In the order of the way: what is read later has only more behind it.
        counted, others = self.counted(), self.streams()
        testimony, alerts = self.topics.count("testimony"), self.topics.count("alerts")
        told = database.read(self.db, "alerts", "alerts") >= alerts
        heard = database.read(self.db, "places", "testimony") >= testimony
        whole = counted.ended == counted.read == counted.in_kafka and all(other.complete for other in others)
        done = whole and heard and told and not database.waiting(self.db)
        self._whole = (counted, others) if done else None
        return done

    def streams(self) -> list[Ends]:
        """What became of frames and payments by now."""
        return [
            streams.ends(self.db, flow, topic, (vi, en), self.topics.count(topic))
            for flow, topic, vi, en in streams.STREAMS
        ]

    def counted(self) -> Counted:
        """The pipeline's own figures by now."""
        now = database.progress(self.db, None)
        reasons = Counter[str]()
        for _, reason, count in database.rejected(self.db):
            reasons[reason] += count
        return Counted(
            self.topics.count("readings") - now.beats,
            now.read,
            now.stored,
            now.duplicates,
            dict(sorted(reasons.items())),
        )

    def final(self) -> tuple[Counted, list[Ends]]:
        """The figures to account for: those of the moment when all was settled.

        The bridge and the intake beat for ever: a moment later a beat may be in Kafka that no flow has read yet.
        """
        return self._whole or (self.counted(), self.streams())

    def own_gaps(self, counted: Counted) -> list[Gap]:
        """The flow's counters against the rows that really stand in the tables."""
        rows, now = sum(database.stored(self.db).values()), database.progress(self.db, None)
        gaps = []
        if rows != counted.stored:
            gaps.append(Gap(f"Bảng observation có {rows} dòng, luồng đếm {counted.stored}",
                            f"the table observation has {rows} rows, the flow counted {counted.stored}"))  # fmt: skip
        if now.rejected != sum(counted.rejected.values()):
            rejected = sum(counted.rejected.values())
            gaps.append(Gap(f"Bảng rejected có {rejected} dòng, luồng đếm {now.rejected}",
                            f"the table rejected has {rejected} rows, the flow counted {now.rejected}"))  # fmt: skip
        return gaps

    def told(self, commune: Commune) -> list[Told]:
        """Messages with the people they went to."""
        contacts = {contact.id: contact for contact in commune.contacts}
        recorded = {(c.alert, c.seq): c.recorded_at for c in database.changes(self.db)}
        out = []
        for row in database.messages(self.db):
            person = contacts[row.contact]
            since = recorded[row.alert, row.seq]
            # A call is due minutes after the change that it tells of: that is no delay.
            news = row.sent_at if row.step is None else None
            after_s = None if news is None else round((news - since).total_seconds(), 3)
            out.append(Told(row, person.name, person.role, after_s, row.text))
        return out

    def summary(
        self, commune: Commune, started: datetime, span: tuple[datetime, datetime], speed: float | None,
        times: tuple[float, float], sent: int, leads: Sequence[Lead], files: Sequence[FileRow],
        faults: dict[str, int], gaps: Sequence[Gap],
    ) -> Summary:  # fmt: skip
        """All in one; `times` are the seconds of the play and of the wait after it."""
        counted, others = self.final()
        found = [*accounting.sums(sent, counted), *self.own_gaps(counted), *gaps]
        found += [gap for other in others for gap in streams.gaps(other)]
        return Summary(
            kind=self.kind, played_at=started, start=span[0], end=span[1], speed=speed,
            play_s=round(times[0], 1), settle_s=round(times[1], 1), sent=sent, counted=counted, faults=faults,
            leads=list(leads), changes=database.changes(self.db), messages=self.told(commune), files=list(files),
            gaps=found, streams=others, money=self.money, films=list(self.films), signed=list(self.signed),
            inbox=f"{self.stage.settings.gateway_url}/", attended=people.attended(self.db),
        )  # fmt: skip

    def write(self, summary: Summary, pictures: list[report.Picture], commune: Commune) -> None:
        """The report, beside the state it tells of."""
        names = {hamlet.code: hamlet.name for hamlet in commune.hamlets}
        page = report.html(summary, pictures, database.snapshots(self.db), names | gallery.names_of(commune))
        (self.stage.settings.var / "report.html").write_text(page, encoding="utf-8")
        self.db.close()
        self.topics.close()

    @abstractmethod
    def run(self, started: datetime) -> Summary:
        """Play and tell."""
