"""One teaching of one camera: its pictures, what a person drew and labelled, what was learned of it, and what it would have said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from connectors.teach.pictures import UnusableError, opened, shots
from models.catalogue.analytics import ZONE_KINDS
from models.vision import privacy
from models.vision.analytics.looked import Looked
from models.vision.analytics.registry import MODULES
from models.vision.camera import Camera, Ground, Zone
from models.vision.lesson import Label, State
from models.vision.mistakes import camera_mistakes
from models.vision.plates import plates
from models.vision.teach import NotTaught, Teaching, teach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.teach.pictures import Taken
    from models.envelope.mistake import Mistake
    from models.vision.detection import Detector
    from models.vision.lesson import Shot
    from models.vision.segmentation import Segmenter
    from models.vision.taught import Taught

NOBODY = np.zeros((0, 4), np.float32)


class Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person did: `zones` drawn (each takes the place of the camera's own of that id), the `ground` plane, and labels.

    `rest`: what all pictures are for every zone of water of which no label speaks. The same in the file of `--labels` and on the page.
    """

    labels: list[Label] = []
    zones: list[Zone] = []
    ground: Ground | None = None
    rest: State | None = None


class Said(msgspec.Struct, frozen=True):
    """What a zone would have said of one picture: a parameter's value, flag and confidence."""

    picture: str
    at_ms: int | None
    parameter: str
    value: float
    flag: int
    confidence: float | None


class Session:
    """The pictures are opened and looked at once, at the first question that needs them."""

    def __init__(
        self,
        camera: Camera,
        taken: Sequence[Taken],
        nets: tuple[Detector, Segmenter],
        before: Taught | None = None,
    ) -> None:
        self.own, self.taken, self.before = camera, list(taken), before
        self._detect, self._segment = nets
        self._shots: list[Shot] | None = None
        self._shown: dict[int, bytes] = {}
        self.work = Work()
        self.learned: Taught | None = None

    @property
    def camera(self) -> Camera:
        """The camera as it would be with what was drawn."""
        drawn = {zone.id: zone for zone in self.work.zones}
        kept = [drawn.pop(zone.id, zone) for zone in self.own.zones]
        ground = self.own.ground if self.work.ground is None else self.work.ground
        return msgspec.structs.replace(self.own, zones=[*kept, *drawn.values()], ground=ground)

    def shots(self) -> list[Shot]:
        """The pictures with what the net says of them; UnusableError names one that cannot be read."""
        if self._shots is None:
            self._shots = shots(self.taken, self._segment, self._detect.size)
        return self._shots

    def put(self, work: Work) -> list[Mistake]:
        """Take what a person did; what is drawn wrong is named and nothing of it is taken. What was learned before no longer holds."""
        before, self.work, self.learned = self.work, work, None
        wrong = list(camera_mistakes([self.camera], hamlets=self.own.hamlets, stations=()))
        if wrong:
            self.work = before
        return wrong

    def learn(self, by: str, at_ms: int) -> Taught | NotTaught:
        """Learn from what was labelled."""
        found = teach(
            self.camera, self.shots(), self.labels(), Teaching(by, at_ms, self._segment.name, self.before)
        )
        self.learned = None if isinstance(found, NotTaught) else found
        return found

    def labels(self) -> list[Label]:
        """Those that were given, and of the rest what `rest` says."""
        work = self.work
        if work.rest is None:
            return list(work.labels)
        spoken = {(label.picture, label.zone) for label in work.labels}
        zones = [zone.id for zone in self.camera.zones if ZONE_KINDS[zone.kind].net]
        return [
            *work.labels,
            *(
                Label(taken.name, zone, work.rest)
                for taken in self.taken
                for zone in zones
                if (taken.name, zone) not in spoken
            ),
        ]

    def would_have_said(self, taught: Taught) -> list[Said]:
        """Of all pictures in their order: what each zone of water would have said."""
        found = []
        order = sorted(
            zip(self.taken, self.shots(), strict=True), key=lambda pair: (pair[0].at_ms or 0, pair[0].name)
        )
        memory: dict[str, dict[str, Any]] = {}
        for taken, shot in order:
            picture, _ = opened(taken, self._detect.size)
            looked = Looked(picture, NOBODY, taken.at_ms or 0, shot.grid, shot.look, taught)
            for zone in self.camera.zones:
                for row in zone.analytics if ZONE_KINDS[zone.kind].net else ():
                    said = MODULES[row.code].value(zone, looked, memory.setdefault(zone.id, {}))
                    if said is not None and not isinstance(said, float):
                        found.append(
                            Said(
                                taken.name,
                                taken.at_ms,
                                row.prefix + zone.id,
                                said.value,
                                int(said.flag),
                                said.confidence,
                            )
                        )
        return found

    def picture(self, i: int) -> bytes:
        """The i-th picture as a JPEG that may be shown: small, people and plates pixelated; IndexError, UnusableError."""
        if i not in self._shown:
            if not 0 <= i < len(self.taken):
                raise IndexError(i)
            picture, _ = opened(self.taken[i], self._detect.size)
            (people,) = self._detect([picture])
            small = privacy.pixelated(picture, people.boxes)
            self._shown[i] = privacy.jpeg(privacy.pixelated(small, plates(small)))
        return self._shown[i]


__all__ = ["Said", "Session", "UnusableError", "Work"]
