"""What everybody is told of, by the loudspeakers of the hamlets and the CAP feed: one row a kind, one step a level.

A kind is here when whoever hears it has something to do: water and air. What one camera sees is one witness and no news for everybody
(kind `flood` is what all witnesses of a place say together); oxygen and fish concern who has cages, who are told by name; crowds and
payments are the staff's, instruments their keepers'.

No official table maps Vietnam's levels to CAP's words (facts/vietnam.md 10): these are our own choice, with these reasons.

- Severity follows what the level does to people: BĐ1 wets fields (Minor), BĐ2 enters yards (Moderate), BĐ3 enters houses (Severe).
  `Extreme` is left for what no rule of ours says.
- Certainty: what was measured is Observed; a flood that one witness tells is Possible, for two make an alarm; a forecast is Likely.
- Urgency follows what is to be done: at once where the advice says "ngay" (Immediate), today where one prepares (Expected), later where
  one watches (Future).
"""

from __future__ import annotations

from typing import NamedTuple

from models.catalogue.kinds import KINDS, Kind, Words


class PublicStep(NamedTuple):
    """A level: CAP's severity, urgency and response, what to do in English (the Vietnamese is that of the messages), CAP's certainty."""

    severity: str
    urgency: str
    response: str
    en: str
    certainty: str = "Observed"


class PublicRow(NamedTuple):
    """One kind: its name as an event, CAP's category, its levels from 1 (the last serves all above it), what to do as it eases and after.

    `valid_h`: hours for which one message holds; what goes on is told again before they are over.
    """

    kind: Kind
    event: Words
    category: str
    steps: tuple[PublicStep, ...]
    better: str
    clear: str
    valid_h: int

    def step(self, level: int) -> PublicStep:
        """The step of a level, from 1 on."""
        return self.steps[min(max(level, 1), len(self.steps)) - 1]


PUBLIC: dict[Kind, PublicRow] = {
    row.kind: row
    for row in (
        PublicRow(
            Kind.RIVER, ("Lũ trên sông", "River flood"), "Met",
            (
                PublicStep("Minor", "Future", "Monitor", "Watch the water, be ready to lift your belongings."),
                PublicStep("Moderate", "Expected", "Prepare", "Lift your belongings, bring the old and the children to high ground."),
                PublicStep("Severe", "Immediate", "Evacuate", "Leave low ground now, follow orders to evacuate; for rescue call 112."),
            ),
            "Not safe yet: keep off flooded crossings, wait for further news.",
            "Check power and clean water before you use them again.",
            12,
        ),
        PublicRow(
            Kind.FLOOD, ("Ngập", "Flooding"), "Met",
            (
                PublicStep("Minor", "Expected", "Assess", "One witness only: somebody is sent to look.", "Possible"),
                PublicStep("Severe", "Immediate", "Evacuate", "Leave low ground now."),
            ),
            "Not safe yet, look on the spot.",
            "Check power and clean water before you use them.",
            12,
        ),
        PublicRow(
            Kind.RAIN, ("Mưa lớn", "Heavy rain"), "Met",
            (
                PublicStep("Minor", "Expected", "Prepare", "Clear the drains, lift your belongings, watch the water."),
                PublicStep("Moderate", "Expected", "Avoid", "Beware of flash floods and landslides; keep off flooded crossings."),
                PublicStep("Severe", "Immediate", "Avoid", "Beware of flash floods and landslides; keep off flooded crossings."),
            ),
            "The water may still rise, keep watching.",
            "The river rises after the rain, watch its level.",
            12,
        ),
        PublicRow(
            Kind.AIR, ("Không khí ô nhiễm", "Air pollution"), "Env",
            (
                PublicStep("Minor", "Expected", "Avoid", "The old, children and the sick stay indoors more."),
                PublicStep("Moderate", "Expected", "Avoid", "Stay indoors more, wear a mask."),
                PublicStep("Severe", "Immediate", "Shelter", "Stay indoors with doors closed; outside wear a mask."),
            ),
            "The old, children and the sick still stay indoors more.",
            "Life outdoors as usual.",
            6,
        ),
    )
}  # fmt: skip
"""The one list of what is public; the most important first, as in KINDS."""
RANK = {kind: rank for rank, kind in enumerate(one for one in KINDS if one in PUBLIC)}
