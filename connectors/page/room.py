"""Who may see the wall: this machine and the networks that the setting names."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from starlette.exceptions import HTTPException

from connectors.caller import caller_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from connectors.caller import Network

NOT_HERE = "Màn hình phòng trực chỉ mở trên máy này và trong mạng của xã (the wall answers only in the commune's own network)"


class Room(NamedTuple):
    """Who may see the wall."""

    trusted: Sequence[Network]
    networks: Sequence[Network]

    def admit(self, request: Request) -> None:
        """Raise 403 for a caller from elsewhere, also for one who comes through a proxy that we do not know."""
        peer = request.client.host if request.client else None
        caller = caller_address(request.scope["headers"], peer, self.trusted)
        through_a_stranger = "x-forwarded-for" in request.headers and caller == peer
        try:
            address = ip_address(caller)
        except ValueError:
            raise HTTPException(403, NOT_HERE) from None
        if through_a_stranger or not (
            address.is_loopback or any(address in network for network in self.networks)
        ):
            raise HTTPException(403, NOT_HERE)
