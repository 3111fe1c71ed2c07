"""A copy with secrets of its own, its local gateway, each channel in turn, and what stands for Kafka."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.settings import Settings
from models.catalogue.channels import CHANNELS, Channel
from tests.gateways import gateway, own_settings
from tests.intake import Taken
from tests.senders import DOCUMENTED, over_http


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return own_settings(tmp_path)


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    with gateway(settings) as found:
        yield found


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> Channel:
    return Channel(request.param)


@pytest.fixture(params=[channel for channel in CHANNELS if over_http(channel)])
def over_http_only(request: pytest.FixtureRequest) -> Channel:
    return Channel(request.param)


@pytest.fixture(params=[channel for channel in CHANNELS if DOCUMENTED[channel].codes])
def with_codes(request: pytest.FixtureRequest) -> Channel:
    return Channel(request.param)


@pytest.fixture
def taken() -> Taken:
    return Taken()
