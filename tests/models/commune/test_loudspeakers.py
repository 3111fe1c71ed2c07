"""What is wrong in loudspeakers.yaml."""

from __future__ import annotations

import msgspec
import pytest

from models.commune.loudspeakers import Approver, Loudspeaker, heard_in, hearing, loudspeaker_mistakes

LOUD = Loudspeaker("loa", "Loa", ["la-van-ha"], "http://192.0.2.1/play")
DUTY = Approver("trực ban")

WRONG = {
    "twice": ([LOUD, LOUD], [DUTY], "id: loa"),
    "no name": ([msgspec.structs.replace(LOUD, name=" ")], [DUTY], 'name: ""'),
    "no hamlet": ([msgspec.structs.replace(LOUD, hamlets=[])], [DUTY], "hamlets: []"),
    "a hamlet that nobody knows": ([msgspec.structs.replace(LOUD, hamlets=["x"])], [DUTY], "hamlets: x"),
    "an approver whom nobody is": ([LOUD], [Approver("vua")], "role: vua"),
    "an approver twice": ([LOUD], [DUTY, DUTY], "role: trực ban"),
}


@pytest.mark.parametrize(("speakers", "approvers", "found"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(speakers: list[Loudspeaker], approvers: list[Approver], found: str) -> None:
    told = loudspeaker_mistakes(speakers, approvers, hamlets=["la-van-ha"], roles=["trực ban"])

    assert [one.found for one in told] == [found]


def test_what_is_right_is_not_blamed() -> None:
    assert list(loudspeaker_mistakes([LOUD], [DUTY], hamlets=["la-van-ha"], roles=["trực ban"])) == []


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("http://192.0.2.1/play", True),
        ("https://loa.example/x", True),
        ("ftp://x", False),
        ("http://user@host", False),
        ("", False),
    ],
)
def test_an_address_is_of_http_and_holds_no_login(url: str, fits: bool) -> None:
    given = {"id": "loa", "name": "Loa", "hamlets": ["x"], "url": url}
    try:
        msgspec.convert(given, Loudspeaker)
    except msgspec.ValidationError:
        assert not fits
    else:
        assert fits


def test_who_hears_which_loudspeaker() -> None:
    other = msgspec.structs.replace(LOUD, id="other", hamlets=["niem-pho", "luong-co"])

    assert hearing([LOUD, other], ["luong-co"]) == ["other"]
    assert hearing([LOUD, other], ["nowhere"]) == []


def test_it_is_heard_also_where_a_loudspeaker_is_shared_and_not_where_there_is_none() -> None:
    other = msgspec.structs.replace(LOUD, id="other", hamlets=["niem-pho", "luong-co"])

    assert heard_in([LOUD, other], ["luong-co", "nowhere"]) == ["niem-pho", "luong-co"]
