"""Which senders an installation has."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from connectors.settings import Settings
from connectors.ways import open_senders
from models.alerting.sending import Answer, Order
from tests.gateways import own_settings


def refuses(settings: Settings, channel: str) -> bool:
    order = Order("k", "nobody", "text", "river_rise", {})
    return asyncio.run(open_senders(settings)[channel].send(order)).code == "no-gateway"


def test_without_any_real_gateway_both_are_the_local_one(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)

    assert not refuses(settings, "sms")
    assert not refuses(settings, "zalo")


def test_beside_a_real_gateway_the_simulator_never_claims_to_have_delivered(tmp_path: Path) -> None:
    """A commune with eSMS and no Zalo account yet: Zalo refuses, and the SMS goes out."""
    settings = own_settings(tmp_path).model_copy(update={"gateways": {"sms": "http://127.0.0.1:1"}})

    assert refuses(settings, "zalo")
    assert not refuses(settings, "sms")


def test_a_refusal_is_an_answer_that_lets_the_next_channel_be_taken(tmp_path: Path) -> None:
    settings = own_settings(tmp_path).model_copy(update={"gateways": {"zalo": "http://127.0.0.1:1"}})
    sent = asyncio.run(
        open_senders(settings)["sms"].send(
            msgspec.convert(
                {"key": "k", "contact": "c", "sms_text": "", "template_id": "", "template_data": {}}, Order
            )
        )
    )

    assert sent.answer is Answer.REFUSED
