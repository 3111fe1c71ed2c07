"""Builders of what messages are made from: changes, contacts, a commune of one hamlet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from models.alerting.alert import AlertChange, Change, Kind
from models.catalogue.providers import Provider
from models.commune.configuration import Channel, Commune, Contact, Hamlet, Rule
from models.payments.configuration import Merchant, MerchantKind
from models.vision.camera import Camera, Zone, ZoneKind, ZoneLevel
from tests.builders import commune, dust_rule, oxygen_rule, rule

AT = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
"""14:05 on 12 October in Vietnam."""


def change(**changed: Any) -> AlertChange:
    """The Bồ reaches BĐ2 at Phú Ốc: 3.43 m, a figure from a bulletin."""
    fields: dict[str, Any] = {
        "v": 1,
        "source": "telemetry",
        "seq": 1,
        "at": AT,
        "alert": "river-phu-oc:phu-oc:river_level:20261012T070500.000Z",
        "rule": "river-phu-oc",
        "kind": Kind.RIVER,
        "station": "phu-oc",
        "parameter": "river_level",
        "change": Change.RAISE,
        "level": 2,
        "previous": 0,
        "value": 3.43,
        "limit": 3.0,
        "unit": "m",
    }
    return AlertChange(**(fields | changed))


def contact(name: str, **changed: Any) -> Contact:
    """A head of La Vân Hạ who hears everything, by Zalo, else by SMS."""
    fields: dict[str, Any] = {
        "id": name,
        "name": name.title(),
        "role": "trưởng thôn",
        "hamlets": ["la-van-ha"],
        "kinds": list(Kind),
        "channels": [Channel.ZALO, Channel.SMS],
    }
    return Contact(**(fields | changed))


def place(
    contacts: list[Contact] | None = None, hamlets: list[Hamlet] | None = None, *rules: Rule
) -> Commune:
    """Phú Ốc and the hamlet La Vân Hạ, with the rules of river, oxygen and dust."""
    plain = commune(*(rules or (rule(), oxygen_rule(), dust_rule())))
    standing = [Hamlet("la-van-ha", "La Vân Hạ", "xa", date(2020, 1, 1))] if hamlets is None else hamlets
    return Commune([], standing, plain.stations, plain.rules, contacts or [], [market()], [office()])


def market() -> Camera:
    """The market's camera: 15 people in the yard are many, 30 too many."""
    levels = [ZoneLevel(1, "mức đông", 15, 11), ZoneLevel(2, "mức quá đông", 30, 24)]
    yard = Zone("san", "Sân chợ", ZoneKind.CROWD, [(0, 0.3), (1, 0.3), (1, 1), (0, 1)], levels=levels)
    return Camera("cho", "Camera chợ", ["la-van-ha"], "rtsp://192.0.2.11/live", [yard])


def office() -> Merchant:
    """The commune's office, paid through SePay."""
    return Merchant("uy-ban", "UBND xã", MerchantKind.OFFICE, "la-van-ha", {Provider.SEPAY: "QTR0001"})
