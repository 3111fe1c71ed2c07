"""The commune's configuration: units, hamlets, stations, rules, contacts, cameras, payments, LoRaWAN devices.

All limits, names, zones and subscriptions of a commune are data in `infra/commune/*.yaml` (or the
folder `PHUSA_COMMUNE` names); phone numbers and secrets live in files outside the repository.
"""

from __future__ import annotations

import enum
from datetime import date
from typing import Annotated

import msgspec

from models.catalogue.channels import Channel
from models.catalogue.kinds import Kind
from models.catalogue.units import canonical
from models.commune.loudspeakers import Approver, Loudspeaker, Unasked
from models.commune.routing import Routing
from models.fish.levels import Cage, FishAdvice, Species
from models.fish.night import NightHabit
from models.lorawan.configuration import Device, Profile
from models.payments.configuration import Fee, Merchant, Odd, Payments, Stall, Targets
from models.quality.settings import Quality
from models.river.configuration import FloodPlace, Gauge, WaterCamera
from models.river.marks import Mark
from models.river.rain_risk import RainBand
from models.river.release import Reservoir
from models.vision.camera import Camera

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An administrative unit with its validity: communes merged on 1 Jul 2025."""

    code: Code
    name: str
    valid_from: date
    valid_to: date | None = None


class Hamlet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hamlet (thôn) of the unit `unit`; a hamlet that changes its unit gets a second row."""

    code: Code
    name: str
    unit: Code
    valid_from: date
    valid_to: date | None = None


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a station measures: the unit it must send, the physical range, how often.

    `low`/`high` in `unit`: outside the value is flagged FAIL, stored, and judged by no rule.
    `kappa`: of a cheap particle sensor without a dryer, the hygroscopicity with which a dry value is reckoned beside it.
    `file_names`/`file_units`: what files call it and its unit besides the usual (models/stationfile/symbols.py,
    models/catalogue/units.py). `unit` may be written in any usual spelling; it is kept in ours.
    """

    code: str
    unit: str
    low: float
    high: float
    interval_s: Annotated[int, msgspec.Meta(gt=0)]
    silent_after_s: Annotated[int, msgspec.Meta(gt=0)]
    file_names: list[str] = []
    file_units: list[str] = []
    kappa: Annotated[float, msgspec.Meta(gt=0, le=1.5)] | None = None

    def __post_init__(self) -> None:
        """Whatever spelling the file has, the rest of the house knows one."""
        msgspec.structs.force_setattr(self, "unit", canonical(self.unit))


class Station(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A station and the hamlets that its alerts concern.

    `file_names`: what stands before the time in the names of its files (Circular 10/2021); none: it sends no files.
    `clock_offset_s`: how far the clock of its logger is ahead (25200: it writes Vietnam's time as UTC), at most 26 hours; it is
    taken off every stamp.
    """

    id: Code
    name: str
    hamlets: list[Code]
    parameters: list[Parameter]
    latitude: float | None = None
    longitude: float | None = None
    file_names: list[str] = []
    clock_offset_s: Annotated[int, msgspec.Meta(ge=-93_600, le=93_600)] = 0


class Direction(enum.StrEnum):
    """Which side of a limit is bad."""

    ABOVE = "above"
    BELOW = "below"


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level is raised at `raise_at` and left at `clear_at` (hysteresis), both in the unit."""

    level: Annotated[int, msgspec.Meta(ge=1, le=5)]
    name: str
    raise_at: float
    clear_at: float


class Average(enum.StrEnum):
    """What the rule looks at: each value, or the mean of each clock hour."""

    NONE = "none"
    HOUR = "hour"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Levels of one parameter at some stations.

    `hold_s` is how long it must last to be raised, `clear_hold_s` how long it must be better before it is lowered (none: the
    same): a river that swings around its limit is one alert.
    """

    id: Code
    kind: Kind
    parameter: str
    stations: list[Code]
    direction: Direction
    levels: Annotated[list[Level], msgspec.Meta(min_length=1)]
    hold_s: Annotated[int, msgspec.Meta(ge=0)] = 0
    clear_hold_s: Annotated[int, msgspec.Meta(ge=0)] | None = None
    average: Average = Average.NONE
    source: str = ""


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told: by hamlet, kind and least level; channels in the order to try.

    The phone number stands in the secrets file under the same id, never here. `tells_easing`: also
    told of a lower level of what goes on; else of raise, worse and the end. `called_only`: hears of nothing by itself, a ladder of
    routing.yaml calls them.
    """

    id: Code
    name: str
    role: str
    hamlets: list[Code]
    kinds: list[Kind]
    channels: Annotated[list[Channel], msgspec.Meta(min_length=1)]
    least_level: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    tells_easing: bool = False
    called_only: bool = False


class Commune(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All files of a commune's folder together."""

    units: list[Unit]
    hamlets: list[Hamlet]
    stations: list[Station]
    rules: list[Rule]
    contacts: list[Contact]
    cameras: list[Camera] = []
    merchants: list[Merchant] = []
    fees: list[Fee] = []
    stalls: list[Stall] = []
    targets: Targets | None = None
    odd: Odd | None = None
    profiles: list[Profile] = []
    devices: list[Device] = []
    quality: list[Quality] = []
    gauges: list[Gauge] = []
    reservoirs: list[Reservoir] = []
    rain_bands: list[RainBand] = []
    water_cameras: list[WaterCamera] = []
    flood_places: list[FloodPlace] = []
    marks: list[Mark] = []
    species: list[Species] = []
    cages: list[Cage] = []
    fish_advice: list[FishAdvice] = []
    nights: NightHabit | None = None
    routing: Routing | None = None
    loudspeakers: list[Loudspeaker] = []
    approvers: list[Approver] = []
    unasked: list[Unasked] = []

    @property
    def payments(self) -> Payments | None:
        """What the payments flow needs; None in a commune that takes none."""
        if self.targets is None or self.odd is None:
            return None
        return Payments(self.merchants, self.fees, self.stalls, self.targets, self.odd)
