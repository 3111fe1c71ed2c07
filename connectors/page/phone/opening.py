"""The phone page of a copy: from its settings, secrets and configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from connectors import clock, links
from connectors.page.phone.application import Phone
from connectors.page.phone.store import PhoneStore
from connectors.page.phone.views import Facts
from models.alerting.link import Links

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.page.views import Commune as Shown
    from connectors.settings import Settings
    from models.commune.configuration import Commune

log = structlog.get_logger(__name__)


def around(commune: Commune) -> Callable[[str], list[str]]:
    """The stations and cameras of a station, camera or flood place, by id: what is to be seen on its map."""
    shores = {place.id: [*place.gauges, *place.cameras] for place in commune.flood_places}
    return lambda station: [station, *shores.get(station, [])]


def opened(settings: Settings, commune: Commune, shown: Shown) -> Phone | None:
    """The phone page of this copy; None where no key signs links."""
    try:
        key = links.key(settings)
    except links.LinkKeyError as error:
        log.error("no_phone_page", reason=str(error))  # noqa: TRY400 (its text says all)
        return None
    names = {contact.id: contact.name for contact in commune.contacts}
    ring = commune.routing.ring if commune.routing is not None else []
    return Phone(
        Links(key, names),
        PhoneStore(lambda: settings.dsn("writer"), around(commune)),
        Facts(shown, names, ring, settings.commune, commune),
        clock.from_setting(settings.clock) or clock.system,
        trusted=settings.trusted,
    )
