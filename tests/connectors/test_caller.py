"""Who calls: X-Forwarded-For is believed as far as our own proxies wrote it, and no further."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.caller import MOST_HOPS, UNKNOWN, brake_key, caller_address, networks
from connectors.settings import Settings

PROXY, CALLER = "127.0.0.1", "203.0.113.7"
TRUSTED = networks("127.0.0.1, ::1, 10.1.0.0/16")


def _headers(*lines: str) -> list[tuple[bytes, bytes]]:
    return [(b"host", b"x"), *((b"x-forwarded-for", line.encode()) for line in lines)]


CALLS = {
    "no proxy, no header": ([], CALLER, CALLER),
    "a stranger says he is somebody else": (["6.6.6.6"], CALLER, CALLER),
    "a stranger says he is our proxy": ([PROXY], CALLER, CALLER),
    "our proxy tells who called it": ([CALLER], PROXY, CALLER),
    "a caller wrote a list before our proxy": ([f"6.6.6.6, 7.7.7.7, {CALLER}"], PROXY, CALLER),
    "a caller wrote trusted addresses before himself": ([f"6.6.6.6, 10.1.2.3, {CALLER}"], PROXY, CALLER),
    "two proxies of ours": ([f"6.6.6.6, {CALLER}, 10.1.2.3"], PROXY, CALLER),
    "the header twice": (["6.6.6.6", CALLER], PROXY, CALLER),
    "a caller wrote rubbish before our proxy": ([f"unknown, <script>, {CALLER}"], PROXY, CALLER),
    "our proxy passed rubbish on": (["6.6.6.6, unknown"], PROXY, PROXY),
    "our proxy told nothing": ([], PROXY, PROXY),
    "an empty header": ([""], PROXY, PROXY),
    "with a port": ([f"{CALLER}:52100"], PROXY, CALLER),
    "IPv6 with a port": (["[2001:db8::1]:52100"], PROXY, "2001:db8::1"),
    "IPv6 written long": (["2001:0db8:0000::0001"], PROXY, "2001:db8::1"),
    "IPv4 within IPv6": ([f"::ffff:{CALLER}"], "::ffff:127.0.0.1", CALLER),
    "a zone is the caller's own text": (["fe80::1%a", "fe80::1%b"], PROXY, PROXY),
    "all are ours": (["10.1.0.9, 10.1.0.8"], PROXY, "10.1.0.9"),
    "a thousand entries": ([",".join(["10.1.0.1"] * 1000)], PROXY, "10.1.0.1"),
    "no connection address": ([CALLER], None, UNKNOWN),
}


@pytest.mark.parametrize(("lines", "peer", "expected"), CALLS.values(), ids=CALLS.keys())
def test_a_caller_is_the_last_address_that_none_of_ours_has(
    lines: list[str], peer: str | None, expected: str
) -> None:
    assert caller_address(_headers(*lines), peer, TRUSTED) == expected


def test_without_trusted_proxies_the_header_is_nothing() -> None:
    assert caller_address(_headers(CALLER), PROXY, ()) == PROXY


def test_whatever_a_caller_writes_he_has_one_address() -> None:
    forged = [f"{i}.{i}.{i}.{i}" for i in range(1, 200)] + ["10.1.0.1"] * MOST_HOPS + ["x", "::1", ""]
    found = {caller_address(_headers(f"{hop}, {CALLER}"), PROXY, TRUSTED) for hop in forged}

    assert found == {CALLER}


@pytest.mark.parametrize("wrong", ["proxy.local", "10.0.0.0/33", "0.0.0.0/0", "::/0", "127.0.0.1;::1"])
def test_a_wrong_setting_is_named(wrong: str) -> None:
    with pytest.raises(ValidationError, match="PHUSA_TRUSTED_PROXIES"):
        Settings(trusted_proxies=wrong)


def test_the_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHUSA_TRUSTED_PROXIES", "127.0.0.1 10.1.0.0/16")

    assert Settings().trusted == networks("127.0.0.1,10.1.0.0/16")


def test_one_ipv6_customer_is_one_caller() -> None:
    assert brake_key("2001:db8::1") == brake_key("2001:db8::ffff:2") != brake_key("2001:db8:0:1::1")
    assert brake_key(CALLER) == CALLER
    assert brake_key(UNKNOWN) == UNKNOWN
