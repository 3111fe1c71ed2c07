"""The report: one HTML file with everything inside, Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import jinja2

from connectors.clock import VIETNAM
from infra.rehearsal.demo.say import clock, eye_cells, lead_cells, span
from infra.rehearsal.demo.shot import Shot
from infra.rehearsal.demo.summary import Summary
from models.alerting.words import quantity
from models.envelope.rejected import WORDS

FOLDER = Path(__file__).resolve().parent
MOST_MESSAGES = 400
"""Rows of the table of messages; the picture and summary.json have them all."""


class Picture(tuple[str, str, str]):
    """(Vietnamese title, English title, SVG)."""

    __slots__ = ()


def html(
    summary: Summary,
    pictures: Sequence[Picture],
    snapshots: Sequence[Shot] = (),
    names: Mapping[str, str] | None = None,
) -> str:
    """The whole page as text; `names` of hamlets, stations and cameras by their ids."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "clock": clock, "day": day, "number": number, "span": span, "quantity": lambda value, unit: quantity(value, unit, "vi"),
    }  # fmt: skip
    repeated = max(0, summary.counted.in_kafka - summary.sent)
    return environment.get_template("report.html.j2").render(
        s=summary,
        pictures=pictures,
        snapshots=snapshots,
        names=names or {},
        lead_cells=lead_cells,
        eye_cells=eye_cells,
        reasons={reason.value: vi for reason, (vi, _en) in WORDS.items()},
        messages=summary.messages[:MOST_MESSAGES],
        more=max(0, len(summary.messages) - MOST_MESSAGES),
        rejected=sum(summary.counted.rejected.values()),
        duplicates=summary.counted.duplicates - repeated,
        repeated=repeated,
        delivered=sum(message.row.state == "delivered" for message in summary.messages),
        storm=summary.kind == "storm",
    )


def number(value: float) -> str:
    """A number with the Vietnamese thousands dot."""
    return f"{value:,.0f}".replace(",", ".")


def day(at: datetime) -> str:
    """A date as people write it in Vietnam."""
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y")
