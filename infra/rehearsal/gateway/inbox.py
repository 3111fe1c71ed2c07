"""The page with the phones: what each person would have received, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors import clock
from models.alerting.codes import FIELD
from models.catalogue.channels import CHANNELS, channel_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.rehearsal.gateway.archive import Taken
    from models.catalogue.channels import Channel
    from models.commune.configuration import Commune


def messages(taken: list[Taken], phones: dict[str, str]) -> list[dict[str, Any]]:
    """What a script may read: no phone number, the contact's id instead; `code`: what a button of the message answers with."""
    contacts = {phone: contact for contact, phone in phones.items()}
    return [
        {
            "channel": one.channel,
            "key": one.key,
            "contact": contacts.get(one.phone, ""),
            "text": one.text,
            "code": one.fields.get(FIELD, ""),
            "received_at": datetime.fromtimestamp(one.received_at, UTC).isoformat(),
            "calls": one.calls,
            "delivered": one.delivered_at is not None,
        }
        for one in taken
    ]


def page(taken: list[Taken], phones: dict[str, str], commune: Commune, heard: Sequence[Channel] = ()) -> str:
    """The page; people with messages first, newest message on top as on a phone; by the channels `heard` they can answer."""
    by_phone: dict[str, list[Taken]] = {}
    for one in reversed(taken):
        by_phone.setdefault(one.phone, []).append(one)
    cards = [
        {
            "id": person.id,
            "name": person.name,
            "role": person.role,
            "number": _masked(phones.get(person.id, "")),
            "messages": [_shown(one) for one in by_phone.get(phones.get(person.id, ""), [])],
        }
        for person in commune.contacts
    ]
    cards.sort(key=lambda card: not card["messages"])
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, autoescape=True
    )
    return environment.get_template("inbox.html.j2").render(
        cards=cards, total=len(taken), channels=CHANNELS.values(), heard=[CHANNELS[one] for one in heard]
    )


def _shown(taken: Taken) -> dict[str, Any]:
    at = datetime.fromtimestamp(taken.received_at, clock.VIETNAM)
    return {
        "channel": channel_name(taken.channel),
        "css": taken.channel,
        "time": at.strftime("%H:%M:%S"),
        "day": at.strftime("%d/%m/%Y"),
        "text": taken.text,
        "delivered": taken.delivered_at is not None,
        "calls": taken.calls,
    }


def _masked(phone: str) -> str:
    return f"••• ••• {phone[-3:]}" if phone else "–"
