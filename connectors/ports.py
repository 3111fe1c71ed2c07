"""Ports of this copy's servers and processes, all from one number: two copies run side by side."""

from __future__ import annotations

from pydantic import Field

from connectors.security import SecuritySettings


class PortSettings(SecuritySettings):
    """`port_base` and what follows from it."""

    port_base: int = Field(default=19000, ge=1, le=65_515, description="first of 20 ports this copy may use")

    @property
    def kafka_port(self) -> int:
        return self.port_base + 1

    @property
    def controller_port(self) -> int:
        return self.port_base + 2

    @property
    def database_port(self) -> int:
        return self.port_base + 3

    @property
    def mqtt_port(self) -> int:
        return self.port_base + 4

    @property
    def gateway_port(self) -> int:
        return self.port_base + 5

    @property
    def receipts_port(self) -> int:
        return self.port_base + 6

    @property
    def grafana_port(self) -> int:
        return self.port_base + 7

    @property
    def rtsp_port(self) -> int:
        return self.port_base + 8

    @property
    def payments_port(self) -> int:
        return self.port_base + 9

    @property
    def intake_port(self) -> int:
        return self.port_base + 10

    @property
    def page_port(self) -> int:
        return self.port_base + 11

    @property
    def mail_port(self) -> int:
        """Of the simulated mail server, which is a part of the local gateway."""
        return self.port_base + 15
