"""The commune of the recordings: the files of `commune/`, and a station for each street sensor."""

from __future__ import annotations

from pathlib import Path

import msgspec
import yaml

from connectors import commune as files
from infra.recordings import films, signed
from infra.recordings.films import Film
from infra.recordings.replay import Loaded
from models.commune.configuration import Commune, Parameter, Station

FOLDER = Path(__file__).resolve().parent / "commune"
STREET = Parameter("street_depth", "cm", -5.0, 200.0, interval_s=60, silent_after_s=10 * 365 * 86_400)
"""A street sensor's file holds only its floods: years of silence between them are no fault."""
PLACES = {
    "commune": ("units", "hamlets"),
    "stations": ("stations",),
    "rules": ("rules",),
    "contacts": ("contacts",),
    "cameras": ("cameras",),
    "payments": ("merchants", "fees", "stalls", "targets", "odd"),
    "quality": ("quality",),
    "river": ("gauges", "reservoirs", "rain_bands", "water_cameras", "flood_places"),
}


def with_streets(commune: Commune, loaded: list[Loaded], hamlet: str) -> Commune:
    """Add the street sensors that the file names, and put them under every rule on streets."""
    names = [s for one in loaded if one.recording.picture == STREET.code for s in one.stations]
    stations = [Station(name, name, [hamlet], [STREET]) for name in names]
    rules = [
        msgspec.structs.replace(rule, stations=rule.stations + names)
        if rule.parameter.startswith("street_")
        else rule
        for rule in commune.rules
    ]
    return msgspec.structs.replace(commune, stations=commune.stations + stations, rules=rules)


def write(loaded: list[Loaded], cameras: list[Film], folder: Path) -> Commune:
    """Write the configuration of this replay into `folder` and return it."""
    base = files.load(FOLDER)
    hamlet = base.hamlets[0].code
    commune = with_streets(base, loaded, hamlet)
    money = signed.configuration(hamlet)
    commune = msgspec.structs.replace(
        commune, cameras=[films.camera(one, hamlet) for one in cameras], merchants=money.merchants, targets=money.targets,
        odd=money.odd,
    )  # fmt: skip
    everything = msgspec.to_builtins(commune)
    folder.mkdir(parents=True, exist_ok=True)
    for name, keys in PLACES.items():
        text = yaml.safe_dump({key: everything[key] for key in keys}, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return commune
