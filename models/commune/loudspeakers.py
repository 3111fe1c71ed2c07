"""The loudspeakers of the hamlets: which there are, how each is asked to play, who lets the public hear. The file loudspeakers.yaml.

A player is a small box at the loudspeaker that takes sound over HTTP. No vendor of Vietnam publishes such an interface
(facts/vietnam.md 10), so the contract is ours: connectors/loudspeaker/player.py.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec

from models.catalogue.kinds import Kind
from models.envelope.mistake import all_stand, filled, missing, once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.envelope.mistake import Mistake


class Player(enum.StrEnum):
    """How a player takes sound.

    MP3, WAV: knows a repeated key and tells its state. PLAIN: takes WAV, knows no key and tells nothing.
    """

    MP3 = "mp3"
    WAV = "wav"
    PLAIN = "plain"


class PlayerRow(NamedTuple):
    """`content`: the media type that it takes; `knows_key`: asked again with the same key it does not play again, and it tells its state."""

    content: str
    knows_key: bool


PLAYERS: dict[Player, PlayerRow] = {
    Player.MP3: PlayerRow("audio/mpeg", True),
    Player.WAV: PlayerRow("audio/wav", True),
    Player.PLAIN: PlayerRow("audio/wav", False),
}


class Loudspeaker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A loudspeaker that some hamlets hear. Its secret, if it has one, stands in VAR/secrets/loudspeakers.json under the same id."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]
    name: str
    hamlets: list[str]
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s@]+$")]
    player: Player = Player.MP3


class Approver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Contacts of this role may let the public hear; what a person asked for, another must approve."""

    role: str


class Unasked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is played without a person's approval: news of these kinds from `least_level` on; never an end, never a drill."""

    kinds: Annotated[list[Kind], msgspec.Meta(min_length=1)]
    least_level: Annotated[int, msgspec.Meta(ge=2, le=5)] = 3


def loudspeaker_mistakes(
    loudspeakers: Sequence[Loudspeaker],
    approvers: Sequence[Approver],
    *,
    hamlets: Sequence[str],
    roles: Sequence[str],
) -> Iterator[Mistake]:
    """Loudspeakers twice, without a name or of no hamlet; approvers whom nobody is. `hamlets` are codes, `roles` those of contacts."""
    yield from once(("loudspeakers",), "id", (one.id for one in loudspeakers))
    for i, one in enumerate(loudspeakers):
        yield from filled(("loudspeakers", i, "name"), one.name)
        yield from all_stand(("loudspeakers", i, "hamlets"), one.hamlets, "hamlets", hamlets)
    yield from once(("approvers",), "role", (one.role for one in approvers))
    for i, approver in enumerate(approvers):
        if approver.role not in roles:
            yield missing(("approvers", i, "role"), approver.role, "contacts", sorted(set(roles)))


def hearing(loudspeakers: Sequence[Loudspeaker], hamlets: Sequence[str]) -> list[str]:
    """Ids of the loudspeakers that one of the hamlets hears."""
    return [one.id for one in loudspeakers if not set(one.hamlets).isdisjoint(hamlets)]


def heard_in(loudspeakers: Sequence[Loudspeaker], hamlets: Sequence[str]) -> list[str]:
    """The hamlets in which it is heard, each once: also those that share a loudspeaker with one that is meant."""
    sounding = hearing(loudspeakers, hamlets)
    return list(dict.fromkeys(code for one in loudspeakers if one.id in sounding for code in one.hamlets))
