"""The words that people receive: golden texts, one segment, unaccented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.gsm7 import BASIC, EXTENDED, SINGLE, septets, unaccented
from models.alerting.wording import CLOSED_BY, TEMPLATES, sms, template_data, template_id
from models.alerting.words import PARAMETERS
from models.catalogue.derived import UNITS as DERIVED
from models.catalogue.parameters import MEASURED_UNITS
from models.catalogue.parameters import PARAMETERS as CATALOGUE
from models.envelope.evidence import Evidence
from tests.messages import change, place

GOLDEN = Path(__file__).resolve().parent.parent.parent / "golden" / "messages.json"
OXYGEN = {"kind": Kind.OXYGEN, "rule": "oxygen", "parameter": "dissolved_oxygen", "unit": "mg/L"}
AIR = {"kind": Kind.AIR, "rule": "pm25-hourly", "parameter": "pm25", "unit": "ug/m3"}
SILENT = {
    "kind": Kind.SILENT,
    "rule": "silent",
    "parameter": "station",
    "unit": "s",
    "parameters": ["river_level", "rain"],
}
CLOCK = {"kind": Kind.CLOCK, "rule": "clock", "parameter": "station", "unit": "s"}
OUTAGE = {"kind": Kind.OUTAGE, "rule": "outage", "station": "platform", "parameter": "bridge", "unit": "s"}
LINK = OUTAGE | {"parameter": "link", "parameters": ["phu-oc", *(f"tram-{i}" for i in range(39))]}
OVER = {"change": Change.CLEAR, "level": 0, "previous": 1}
RAIN = {"kind": Kind.RAIN, "rule": "rain-24h", "parameter": "rain_24h", "unit": "mm"}
FISH = {"kind": Kind.FISH, "rule": "fish-nh3", "parameter": "nh3", "unit": "mg/L"}
FLOOD = {"kind": Kind.FLOOD, "rule": "witness", "parameter": "flood", "unit": "1"}
EVIDENCE = [
    Evidence(
        "mực nước Phú Ốc: trên báo động II 0,43 m (14:05 12/10)",
        "gauge Phú Ốc: above level II by 0.43 m (14:05 12/10)",
    ),
    Evidence(
        "mưa Phú Ốc: mưa rất to, mưa 3 giờ: 120,0 mm (14:00 12/10)",
        "rain Phú Ốc: very heavy rain, rain in 3 h: 120.0 mm (14:00 12/10)",
    ),
    Evidence(
        "người dân báo La Vân Hạ: không ngập (13:50 12/10)", "a person La Vân Hạ: not flooded (13:50 12/10)"
    ),
]
UNTRUSTED = {"kind": Kind.UNTRUSTED, "rule": "untrusted", "unit": "s"}
FROZEN = {"kind": Kind.FROZEN, "rule": "frozen", "station": "cho", "parameter": "picture", "unit": "s"}
BLIND = {"kind": Kind.BLIND, "rule": "blind", "station": "cho", "parameter": "picture", "unit": "s"}
CROWD = {
    "kind": Kind.CROWD,
    "rule": "crowd-cho-san",
    "station": "cho",
    "parameter": "people/san",
    "unit": "people",
}
WATER = {
    "kind": Kind.WATER_SEEN,
    "rule": "water-depth-cho-duong",
    "station": "cho",
    "parameter": "water_depth/duong",
    "unit": "cm",
}
PAYMENT = {
    "kind": Kind.PAYMENT,
    "rule": "odd-payment",
    "station": "uy-ban",
    "parameter": "payment",
    "unit": "VND",
}
CHANGES: dict[str, AlertChange] = {
    "river, level 1": change(level=1, value=1.62, limit=1.5),
    "river, level 2": change(),
    "river, level 3, worse": change(change=Change.WORSE, level=3, previous=2, value=4.8, limit=4.5),
    "river, better": change(change=Change.BETTER, level=1, previous=2, value=2.7, limit=3.0),
    "river, over": change(change=Change.CLEAR, level=0, previous=1, value=1.2, limit=1.5),
    "oxygen, level 1": change(**OXYGEN, level=1, value=2.92, limit=3.0),
    "oxygen, level 2": change(**OXYGEN, change=Change.WORSE, level=2, previous=1, value=1.8, limit=2.0),
    "oxygen, better": change(**OXYGEN, change=Change.BETTER, level=1, previous=2, value=2.4, limit=2.0),
    "oxygen, over": change(**OXYGEN, change=Change.CLEAR, level=0, previous=1, value=4.4, limit=3.0),
    "air, level 2": change(**AIR, level=2, value=88.0, limit=80.0),
    "air, level 3": change(**AIR, change=Change.WORSE, level=3, previous=2, value=171.0, limit=150.0),
    "air, better": change(**AIR, change=Change.BETTER, level=1, previous=2, value=60.0, limit=80.0),
    "air, over": change(**AIR, change=Change.CLEAR, level=0, previous=1, value=22.0, limit=50.0),
    "silent": change(**SILENT, level=1, value=1800.0, limit=1800.0),
    "not to be trusted": change(**UNTRUSTED, level=1, value=3600.0, limit=1800.0),
    "to be trusted again": change(
        **UNTRUSTED, change=Change.CLEAR, level=0, previous=1, value=9000.0, limit=1800.0
    ),
    "rain, level 2": change(**RAIN, level=2, value=231.5, limit=200.0),
    "rain, better": change(**RAIN, change=Change.BETTER, level=1, previous=2, value=170.0, limit=200.0),
    "rain, over": change(**RAIN, change=Change.CLEAR, level=0, previous=1, value=80.0, limit=100.0),
    "fish, level 2": change(**FISH, level=2, value=1.2, limit=1.0),
    "fish, better": change(**FISH, change=Change.BETTER, level=1, previous=2, value=0.2, limit=1.0),
    "fish, over": change(**FISH, change=Change.CLEAR, level=0, previous=1, value=0.02, limit=0.05),
    "flood to check": change(**FLOOD, level=1, value=1.0, limit=1.0, evidence=EVIDENCE[:1]),
    "flood alarm": change(
        **FLOOD, change=Change.WORSE, level=2, previous=1, value=2.0, limit=2.0, evidence=EVIDENCE
    ),
    "flood, one witness left": change(
        **FLOOD, change=Change.BETTER, level=1, previous=2, value=1.0, limit=2.0, evidence=EVIDENCE[:1]
    ),
    "flood, over": change(
        **FLOOD, change=Change.CLEAR, level=0, previous=1, value=0.0, limit=1.0, evidence=EVIDENCE[2:]
    ),
    "camera frozen": change(**FROZEN, level=1, value=3600.0, limit=3600.0),
    "camera is blind": change(
        **BLIND,
        level=1,
        value=10.0,
        limit=10.0,
        evidence=[
            Evidence("tối đen: 99 % điểm ảnh dưới 16", "black: 99 % of the pixels are below 16"),
        ],
    ),
    "camera sees again": change(**BLIND, change=Change.CLEAR, level=0, previous=1, value=9000.0, limit=10.0),
    "camera is back": change(**FROZEN, change=Change.CLEAR, level=0, previous=1, value=9000.0, limit=3600.0),
    "crowd, level 1": change(**CROWD, level=1, value=17, limit=15),
    "crowd, level 2": change(**CROWD, change=Change.WORSE, level=2, previous=1, value=31, limit=30),
    "crowd, better": change(**CROWD, change=Change.BETTER, level=1, previous=2, value=22, limit=30),
    "crowd, over": change(**CROWD, change=Change.CLEAR, level=0, previous=1, value=9, limit=15),
    "water seen, level 1": change(**WATER, level=1, value=12, limit=10),
    "water seen, level 2": change(**WATER, change=Change.WORSE, level=2, previous=1, value=34, limit=30),
    "water seen, better": change(**WATER, change=Change.BETTER, level=1, previous=2, value=22, limit=30),
    "water seen, over": change(**WATER, change=Change.CLEAR, level=0, previous=1, value=3, limit=10),
    "odd payment": change(**PAYMENT, level=1, value=27_000_000, limit=1_350_000),
    "odd payment, past": change(
        **PAYMENT, change=Change.CLEAR, level=0, previous=1, value=27_000_000, limit=1_350_000
    ),
    "closed: its rule is gone": change(
        source=CLOSED_BY,
        seq=2,
        change=Change.CLEAR,
        level=0,
        previous=2,
        evidence=[Evidence("đóng vì luật không còn", "closed because the rule is gone")],
    ),
    "closed: its station is gone": change(
        source=CLOSED_BY,
        seq=2,
        change=Change.CLEAR,
        level=0,
        previous=2,
        evidence=[
            Evidence(
                "đóng vì trạm Hương Trà cũ không còn", "closed because the station Hương Trà cũ is gone"
            ),
            Evidence("cùng đóng: mưa 24 giờ, độ pH", "closed with it: rain of 24 h, pH"),
        ],
        station="huong-tra-cu",
    ),
    "heard again": change(**SILENT, change=Change.CLEAR, level=0, previous=1, value=5400.0, limit=1800.0),
    "silent, all eight": change(
        **SILENT | {"parameters": [*PARAMETERS][:8]}, level=1, value=1800.0, limit=1800.0
    ),
    "heard for the first time": change(**SILENT, **OVER, value=0.0, limit=1800.0),
    "never heard": change(**SILENT, level=1, value=0.0, limit=1800.0),
    "a clock that is slow": change(**CLOCK, level=1, value=3900.0, limit=300.0),
    "a clock that is fast": change(**CLOCK, level=1, value=-360.0, limit=300.0),
    "a clock in another zone": change(**CLOCK, level=1, value=-25200.0, limit=300.0),
    "a clock set right": change(**CLOCK, **OVER, value=3.0, limit=300.0),
    "an outage of ours": change(**OUTAGE, level=1, value=720.0, limit=60.0),
    "an outage of ours, over": change(**OUTAGE, **OVER, value=5400.0, limit=60.0),
    "all silent at once": change(**LINK, level=1, value=1800.0, limit=1800.0),
    "the link is back": change(**LINK, **OVER, value=5400.0, limit=1800.0),
    "river, level 3, told late": change(level=3, value=4.8, limit=4.5, late_s=12_000),
}


def written() -> dict[str, dict[str, object]]:
    commune = place()
    return {
        name: {"sms": sms(change, commune), "zalo": template_data(change, commune)}
        for name, change in CHANGES.items()
    }


def test_the_messages_are_those_that_were_read_and_approved() -> None:
    """To approve new words: `python -m tests.models.alerting.test_wording`, and read the difference."""
    assert written() == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_golden_messages_cover_every_template() -> None:
    assert {template_id(change) for change in CHANGES.values()} == set(TEMPLATES) - {"reply", "budget"}


@pytest.mark.parametrize("name", CHANGES)
def test_an_sms_is_one_unaccented_segment(name: str) -> None:
    text = sms(CHANGES[name], place())

    assert text.isascii()
    assert septets(text) <= SINGLE


@settings(max_examples=150, deadline=None)
@given(name=st.text(min_size=1, max_size=120), alert_change=st.sampled_from(list(CHANGES.values())))
def test_whatever_the_station_is_called_it_is_one_segment_with_its_figure(
    name: str, alert_change: AlertChange
) -> None:
    commune = place()
    station = commune.stations[0]
    renamed = type(station)(station.id, name, station.hamlets, station.parameters)
    text = sms(alert_change, type(commune)(commune.units, commune.hamlets, [renamed], commune.rules, []))

    assert septets(text) <= SINGLE
    assert "12/10" in text


def test_what_to_do_is_left_out_after_the_limit_and_how_much_else_there_is() -> None:
    rain = change(
        kind=Kind.RAIN, rule="rain-24h", parameter="rain_24h", unit="mm", value=130.0, limit=100.0, level=1
    )
    full = sms(rain, place(), ["Cùng lúc: 2 tin khác."])
    advice = "Khoi thong cong, ke do, theo doi nuoc."
    left = [
        sms(rain, place(), ["Cùng lúc: 2 tin khác."], longest) for longest in range(septets(full), 80, -1)
    ]
    kept = [("(tu" in text, "tin khac" in text, advice in text) for text in left]

    assert list(dict.fromkeys(kept)) == [
        (True, True, True),
        (False, True, True),
        (False, False, True),
        (False, True, False),
    ]


def test_an_end_says_what_goes_on_rather_than_what_to_do() -> None:
    end = change(change=Change.CLEAR, level=0, previous=1, value=1.2, limit=1.5)
    goes_on = "Vẫn còn: mưa 24 giờ Phú Ốc 130,0 mm, mưa rất to."

    assert unaccented(goes_on) in sms(end, place(), [goes_on], 130)


@given(st.text(max_size=200))
def test_unaccented_text_is_always_in_the_alphabet(text: str) -> None:
    assert set(unaccented(text)) <= BASIC | EXTENDED


def test_each_parameter_with_a_name_has_its_unit() -> None:
    loose = {code for code, row in CATALOGUE.items() if row.loose}

    assert set(MEASURED_UNITS) | set(DERIVED) | loose == set(PARAMETERS)


def test_a_character_of_the_extension_counts_twice() -> None:
    assert septets("a[b]") == 6


def test_a_character_outside_the_alphabet_is_an_error() -> None:
    with pytest.raises(ValueError, match="ạ"):
        septets("ạ")


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(written(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
