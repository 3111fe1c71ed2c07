"""Links to the phone page: what was signed is read, what was changed is not, and an SMS stays one segment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.codes import answer_line
from models.alerting.gsm7 import DOUBLE, septets
from models.alerting.link import (
    ALPHABET,
    HOUR_BITS,
    LENGTH,
    NUMBER_BITS,
    Claim,
    Links,
    address,
    ends,
    token,
    with_link,
)

KEY = b"a key of the tests, long enough"
AT = datetime(2026, 11, 25, 5, tzinfo=UTC)
NUMBERS = st.integers(0, (1 << NUMBER_BITS) - 1)
HOURS = st.integers(0, (1 << HOUR_BITS) - 1)
CONTACTS = [f"contact-{n}" for n in range(300)]
"""More than there are marks to go round without two of one."""
LINKS = Links(KEY, CONTACTS)


def hour(number: int) -> datetime:
    return datetime.fromtimestamp(number * 3600, UTC)


@given(number=NUMBERS, hours=HOURS, contact=st.sampled_from(CONTACTS))
def test_a_link_says_what_was_signed(number: int, hours: int, contact: str) -> None:
    made = token(KEY, number, contact, hour(hours))

    assert LINKS.read(made) == Claim(number, contact, hour(hours))
    assert len(made) == LENGTH
    assert made.isascii()
    assert made.isalnum()


@given(number=NUMBERS, at=st.integers(0, LENGTH - 1), put=st.sampled_from(ALPHABET))
def test_any_changed_character_is_refused(number: int, at: int, put: str) -> None:
    made = token(KEY, number, "contact-7", AT)
    changed = made[:at] + put + made[at + 1 :]

    assert (LINKS.read(changed) is None) == (changed != made)


@given(text=st.text(max_size=60))
def test_whatever_else_is_written_there_is_refused_and_breaks_nothing(text: str) -> None:
    assert LINKS.read(text) is None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda made: made[:-1], id="shorter"),
        pytest.param(lambda made: made + "0", id="longer"),
        pytest.param(lambda made: "0" + made, id="a zero before it"),
        pytest.param(lambda made: made.lower(), id="in small letters"),
        pytest.param(lambda made: made + "\n", id="a line break behind it"),
        pytest.param(lambda _made: "z" * LENGTH, id="more than the bits hold"),
        pytest.param(lambda made: made[:-1] + "٣", id="a digit of another script"),
        pytest.param(lambda _made: "", id="nothing"),
    ],
)
def test_what_is_no_token_of_ours_is_refused(change: object) -> None:
    assert LINKS.read(change(token(KEY, 12, "contact-7", AT))) is None  # type: ignore[operator]


def test_a_link_of_another_key_is_refused() -> None:
    assert LINKS.read(token(KEY + b"!", 12, "contact-7", AT)) is None


def test_a_link_of_who_is_no_contact_any_more_is_refused() -> None:
    made = token(KEY, 12, "contact-7", AT)

    assert Links(KEY, [one for one in CONTACTS if one != "contact-7"]).read(made) is None


def test_a_link_holds_at_least_as_long_as_it_says_and_less_than_an_hour_more() -> None:
    said = ends(AT + timedelta(minutes=1), 48)
    claim = LINKS.read(token(KEY, 12, "contact-7", said))

    assert claim is not None
    assert said <= claim.ends_at < said + timedelta(hours=1)


@pytest.mark.parametrize(
    ("number", "at"),
    [
        pytest.param(1 << NUMBER_BITS, AT, id="an event beyond the bits"),
        pytest.param(-1, AT, id="an event below nothing"),
        pytest.param(1, datetime(2100, 1, 1, tzinfo=UTC), id="an hour beyond the bits"),
    ],
)
def test_what_no_token_can_hold_is_said_where_it_is_made(number: int, at: datetime) -> None:
    with pytest.raises(ValueError, match="expected a number below 16777216 and an hour below 1048576"):
        token(KEY, number, "contact-7", at)


def test_a_link_of_a_short_address_has_at_most_45_characters() -> None:
    assert len(address("https://x.vn", token(KEY, 12, "contact-7", AT))) <= 45


@given(text=st.text("abc de{", max_size=320), link=st.text(ALPHABET + ":/.", max_size=60))
def test_an_sms_with_its_link_is_one_segment_or_two_and_never_loses_words(text: str, link: str) -> None:
    made = with_link(text, link)

    assert made == (f"{text} {link}" if link and septets(f"{text} {link}") <= DOUBLE else text)


def test_what_the_answers_mean_gives_way_to_the_link_and_how_to_answer_does_not() -> None:
    link = address("https://x.vn", "0" * LENGTH)
    text = "x" * 100 + answer_line("{}", 12, explained=True)

    assert with_link(text, link) == "x" * 100 + answer_line("{}", 12) + f" {link}"
    assert with_link("x" * 20 + answer_line("{}", 12, explained=True), link).endswith(f"can giup {link}")
    assert with_link("x" * 110 + answer_line("{}", 12, explained=True), link).endswith(f"can giup {link}"), (
        "in two segments there is room for both"
    )
