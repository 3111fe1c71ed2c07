"""`phusa check` names every mistake with file and line, all at once, and never a phone number."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from connectors.commune import ConfigurationError, check, load
from connectors.settings import ROOT
from infra.run.cli.check import check as command
from models.catalogue.kinds import Kind
from models.commune.mistakes import mistakes
from models.commune.number_mistakes import number_mistakes

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "infra" / "commune"
GAUGE = "{code: river_level, unit: m, low: -1, high: 10, interval_s: 300, silent_after_s: 1800}"
BD1 = "{level: 1, name: BĐ1, raise_at: 1.5, clear_at: 1.3}"
BD2 = "{level: 2, name: BĐ2, raise_at: 3.0, clear_at: 2.8}"
PHONE = "09" + "12345678"  # never a whole number in a file


class Broken(NamedTuple):
    """A change of the example: in `file`, the first `old` becomes `new`; told at the line that holds `at`."""

    name: str
    file: str
    old: str
    new: str
    at: str
    found: str
    vi: str
    en: str


def shift(contact: str, begins: str, ends: str) -> str:
    """A shift of the control room in routing.yaml."""
    return f"    - {{role: trực ban, contacts: [{contact}], begins: 2026-10-{begins}, ends: 2026-10-{ends}}}"


TABLE = (
    r"""
a bracket is left open | rules | [phu-oc] | [phu-oc
direction: above | direction: above | YAML đúng cú pháp | valid YAML
a tab | rules |     kind: river | \tkind: river
\tkind | kind: river | YAML đúng cú pháp | cannot start any token
a field twice | stations |     name: Phú Ốc\n |     name: Phú Ốc\n    name: Sịa\n
name: Sịa | name: … | mỗi trường chỉ một lần | each field only once
a number in words | stations | low: -1, | low: thấp,
low: thấp | low: thấp | số | a number
a fraction of a second | rules | hold_s: 600 | hold_s: 0.5
hold_s: 0.5 | hold_s: 0.5 | số nguyên ≥ 0 | a whole number ≥ 0
a level of 9 | rules | level: 3, | level: 9,
level: 9 | level: 9 | số nguyên ≥ 1 ≤ 5 | ≤ 5
an interval of nothing | stations | interval_s: 300 | interval_s: 0
interval_s: 0 | interval_s: 0 | số nguyên > 0 | > 0
a kind that is none | contacts | [river, rain, flood, air] | [river, fire]
fire | kinds: fire | một trong: {KINDS} | one of: {KINDS}
a code with capitals | stations | id: phu-oc | id: Phu Oc
id: Phu Oc | id: Phu Oc | mã gồm a-z, 0-9, dấu -; tối đa 48 ký tự | a code of
the 30th of February | commune | 1975-05-01 | 1975-02-30
1975-02-30 | valid_from: 1975-02-30 | ngày dạng YYYY-MM-DD | a day as YYYY-MM-DD
a day with a time | commune | 1975-05-01 | 1975-05-01 10:00:00
10:00:00 | valid_from: 1975-05-01 10:00:00 | ngày dạng YYYY-MM-DD | a day as YYYY-MM-DD
a day for a name | stations | name: Phú Ốc | name: 2025-07-01
name: 2025-07-01 | name: … | đúng kiểu (Expected `str`, got `date`) | Expected `str`, got `date`
a field of one's own | stations |     name: Phú Ốc\n |     name: Phú Ốc\n    colour: red\n
colour | colour: … | một trong: id, name, hamlets, parameters, latitude, longitude | one of: id
a field that is missing | stations |  unit: m, | 
code: river_level | unit: ? | thêm `unit` | `unit` added
a section of one's own | rules | rules: | rule:
rule: | rule: … | một trong: rules | rules
nothing under a section | contacts | [zalo, sms] | []
channels: [] | channels: [] | danh sách ≥ 1 | a list ≥ 1
a station in a hamlet that is none | stations | [phuoc-yen, tan-xuan-lai] | [phuoc-yen, xuan-lai]
xuan-lai] | hamlets: xuan-lai | một mã trong `hamlets`: la-van-ha,  | one of `hamlets`: la-van-ha, 
a contact in a hamlet that is none | contacts | hamlets: [luong-co] | hamlets: [luong]
[luong] | hamlets: luong | một mã trong `hamlets`:  | one of `hamlets`: 
a contact in no hamlet | contacts | hamlets: [luong-co] | hamlets: []
hamlets: [] | hamlets: [] | ít nhất một mã của `hamlets` | at least one code of `hamlets`
a rule for a station that is none | rules | stations: [phu-oc] | stations: [kim-long]
kim-long | stations: kim-long | một mã trong `stations`: air-la-van-ha,  | one of `stations`: 
a rule for what is not measured | rules | parameter: pm25 | parameter: o3
parameter: o3 | parameter: o3 | thông số của trạm air-la-van-h | a parameter of station a
a hamlet of a unit that is none | commune | unit: quang-tho | unit: quang-phu
unit: quang-phu | unit: quang-phu | một mã trong `units`: quang-dien, quang-tho | one of `units`
two stations of one id | stations | id: bo-phuoc-yen | id: phu-oc
id: phu-oc\n    name: Lồng | id: phu-oc | mỗi mã chỉ một lần | each code only once
a parameter twice | stations | code: rain, unit: mm | code: river_level, unit: m
code: river_level, unit: m, low: 0 | code: river_level | mỗi mã chỉ một lần | each code only once
hamlet twice | commune | thuong, name: La Vân Thượng, unit: quang-dien | ha, name: Hạ, unit: quang-dien
name: Hạ | code: la-van-ha | thời hạn không trùng mục khác | no overlap with an entry
levels in the wrong order | rules | raise_at: 3.0, clear_at: 2.8 | raise_at: 1.4, clear_at: 1.35
raise_at: 1.4 | raise_at: 1.4 | cao hơn mức 1: 1.5 | above level 1: 1.5
a low level above the one before | rules | raise_at: 2.0 | raise_at: 3.2
raise_at: 3.2 | raise_at: 3.2 | thấp hơn mức 1: 3 | below level 1: 3
cleared above the raise | rules | raise_at: 1.5, clear_at: 1.3 | raise_at: 1.5, clear_at: 1.7
clear_at: 1.7 | clear_at: 1.7 | thấp hơn raise_at (1.5) | below raise_at (1.5)
a level twice | rules | level: 3, | level: 2,
level: 2, name: BĐ3 | level: 2 | mỗi mã chỉ một lần | each code only once
a limit that no gauge reaches | rules | raise_at: 4.5 | raise_at: 45
raise_at: 45 | raise_at: 45 | trong dải đo của phu-oc: -1…10 m | within the range of phu-oc: -1…10 m
a rule for silence | rules | id: pm25-hourly | id: silent
id: silent | id: silent | không phải `silent`: đã có silent_after_s | not `silent`: silent_after_s does that
centimetres for metres | stations | unit: m, | unit: cm,
unit: cm | unit: cm | đơn vị m | the unit m
a slip in a parameter | stations | code: humidity | code: humiditi
code: humiditi | code: humiditi | `humidity` | `humidity`
low above high | stations | low: -1, high: 10 | low: 10, high: -1
low: 10 | low: 10 | một số dưới high (-1) | a number below high (-1)
no number | stations | low: -1, high: 10 | low: .nan, high: 10
low: .nan | low: nan | một số hữu hạn | a finite number
no end of a limit | rules | raise_at: 100, | raise_at: .inf,
raise_at: .inf | raise_at: inf | một số hữu hạn | a finite number
a number too large to be one | rules | raise_at: 100, | raise_at: 1.0e+999,
raise_at: 1.0e+999 | raise_at: inf | một số hữu hạn | a finite number
a wait below zero | rules | hold_s: 600 | hold_s: -600
hold_s: -600 | hold_s: -600 | số nguyên ≥ 0 | a whole number ≥ 0
a wait of no number | river | merge_h: 6 | merge_h: .nan
merge_h: .nan | merge_h: nan | một số hữu hạn | a finite number
a wait beyond all calendars | rules | hold_s: 600 | hold_s: 600000000000
hold_s: 600000000000 | hold_s: ••• | không quá 100 năm | at most 100 years
a share of no number | payments | times_usual: 20 | times_usual: .nan
times_usual: .nan | times_usual: nan | một số hữu hạn | a finite number
silent before the next reading is due | stations | silent_after_s: 1800 | silent_after_s: 300
silent_after_s: 300} | silent_after_s: 300 | lớn hơn interval_s (300) | more than interval_s (300)
silent at one lost reading | stations | silent_after_s: 1800 | silent_after_s: 301
silent_after_s: 301} | silent_after_s: 301 | ít nhất 2 x interval_s + 60 = 660 | at least 2 x interval_s + 60 = 660
silent while the second reading is on its way | stations | silent_after_s: 1800 | silent_after_s: 659
silent_after_s: 659} | silent_after_s: 659 | ít nhất 2 x interval_s + 60 = 660 | at least 2 x interval_s + 60 = 660
a river level left within the noise | rules | raise_at: 3.0, clear_at: 2.8 | raise_at: 3.0, clear_at: 2.98
clear_at: 2.98 | clear_at: 2.98 | cách raise_at (3) ít nhất 0.03: nhiễu | at least 0.03 away from raise_at (3): the sensor's noise
a level left where it is raised | rules | raise_at: 3.0, clear_at: 2.8 | raise_at: 3.0, clear_at: 3.0
clear_at: 3.0 | clear_at: 3 | thấp hơn raise_at (3) | below raise_at (3)
an oxygen level left within the noise | rules | raise_at: 3.0, clear_at: 3.5 | raise_at: 3.0, clear_at: 3.1
clear_at: 3.1} | clear_at: 3.1 | cách raise_at (3) ít nhất 0.2: nhiễu | the sensor's noise
ends before it begins | commune | valid_to: 2025-06-30 | valid_to: 1970-06-30
valid_to: 1970 | valid_to: 1970-06-30 | ngày không trước 1975-05-01 | a day not before 1975-05-01
older than its unit | commune | unit: quang-tho, valid_from: 1975 | unit: quang-tho, valid_from: 1950
valid_from: 1950 | valid_from: 1950-05-01 | từ 1975-05-01 (quang-tho) | 1975-05-01 or later (quang-tho)
latitude for longitude | stations | latitude: 16.5200\n    longitude: 107.5215 | latitude: 107.52\n    longitude: 16.5200
latitude: 107.52 | latitude: 107.52 | độ, trong ±90 | degrees within ±90
half a place | stations | latitude: 16.5200\n    longitude: 107.5215\n | latitude: 16.5200\n
latitude: 16.5200 | latitude: 16.52 | cả hai tọa độ | both latitude and longitude
a mean of rain | rules | parameter: rain_24h | parameter: rain\n    average: hour
average: hour\n    stations: [phu-oc] | average: hour | thông số rain_1h | the parameter rain_1h
quality of what nobody measures | quality | parameter: turbidity | parameter: turbidty
parameter: turbidty | parameter: turbidty | thông số của một trạm: air_temper | a parameter that a station
a suspect limit beyond the failing one | quality | suspect: 0.3, fail: 2 | suspect: 3, fail: 2
spike: {suspect: 3 | fail: 2 | lớn hơn 3 | more than 3
a gauge that is no gauge | river | station: phu-oc | station: bo-la-van
station: bo-la-van | station: bo-la-van | một trạm đo river_level | a station with river_level
a place with one kind of witness | river | rains: [phu-oc] | rains: []
id: bo-phu-oc | id: bo-phu-oc | ít nhất hai loại nhân chứng | at least two kinds
a fish level that cannot be read | fish | level_3: ">0.1" | level_3: "lon hon 0.1"
parameter: h2s | level_3: lon hon 0.1 | dạng <3, >9, 0.2-0.3 | as <3, >9, 0.2-0.3
a fish parameter of another unit | fish | parameter: secchi, unit: cm | parameter: secchi, unit: m
parameter: secchi | unit: m | đơn vị cm | the unit cm
a cage at no station | fish | station: bo-la-van | station: bo-khac
station: bo-khac | station: bo-khac | một mã trong `stations` | one of `stations`
a name of nothing | stations | name: Phú Ốc | name: " "
name: " " | name: "" | một cái tên | a name
a mark of no gauge | marks | gauge: phu-oc, level: 5.28 | gauge: phu-loc, level: 5.28
gauge: phu-loc | gauge: phu-loc | một mã trong `stations` | one of `stations`
a mark of a station without a river | marks | gauge: phu-oc, level: 5.28 | gauge: bo-la-van, level: 5.28
gauge: bo-la-van | gauge: bo-la-van | một trạm đo river_level | a station with river_level
a mark that the gauge cannot measure | marks | level: 4.6, | level: 46,
level: 46 | level: 46 | trong dải đo của phu-oc: -1…10 m | within the range of phu-oc
a mark in words | marks | level: 4.6, | level: cao,
level: cao | level: cao | số | a number
a mark without a source | marks | kind: market, source: assumed | kind: market, source: ""
kind: market | source: "" | nguồn, hoặc `assumed` | a source, or `assumed`
a mark of another kind | marks | kind: ford | kind: bridge
kind: bridge | kind: bridge | một trong: flood, ford, house, market, other, road, school | one of
a mark twice | marks | vi: chợ Quảng Thọ | vi: đường La Vân
level: 4.1, vi: đường La Vân | vi: đường La Vân | mỗi mốc một lần | each mark once a gauge
a camera far away | cameras | latitude: 16.5345 | latitude: 165.345
latitude: 165.345 | latitude: 165.345 | độ, trong ±90 | degrees within ±90
told of nothing | contacts | kinds: [river, rain, flood, air] | kinds: []
kinds: [] | kinds: [] | ít nhất một mục trong kinds | at least one of kinds
a rung for a role that is none | routing | roles: [trực ban cấp trên] | roles: [ông từ]
roles: [ông từ] | roles: ông từ | một vai trò trong contacts.yaml: chủ tịch xã, | a role of contacts.yaml
a ladder that goes back in time | routing | after_min: 10, roles: [chủ tịch | after_min: 5, roles: [chủ tịch
after_min: 5, roles: [chủ tịch | after_min: 5 | lớn hơn 5 | more than 5
a level without a ladder | routing | levels: [2] | levels: [3]
ladders: | ladders: … | một thang cho mức 2: river, | a ladder for level 2: river,
a ladder of a kind that is none | routing | kinds: [river, rain, flood] | kinds: [river, fire]
kinds: [river, fire] | kinds: fire | một trong: air, | one of: air,
a day of the year that is none | routing | from_day: 09-01 | from_day: 02-30
from_day: 02-30 | from_day: 02-30 | một ngày có thật, MM-DD | a day that there is
a profile that ends at no day | routing | , to_day: 12-31 | 
name: mùa lũ | to_day: ? | cả from_day và to_day | both from_day and to_day
a profile of no day | routing | , from_day: 09-01, to_day: 12-31 | 
name: mùa lũ | name: mùa lũ | có dates, days hoặc from_day | with dates, days or from_day
hours that end when they begin | routing | ends: "21:00" | ends: "05:00"
ends: "05:00" | ends: 05:00 | khác begins (05:00) | not begins (05:00)
an hour that is none | routing | ends: "21:00" | ends: "24:30"
ends: "24:30" | ends: 24:30 | giờ Việt Nam dạng HH:MM | a time of the day as HH:MM
hours of no kind | routing | kinds: [air] | kinds: []
kinds: [] | kinds: [] | ít nhất một loại | at least one kind
a hole in the rota | routing |   budget: |   rota:\n{DAY}\n{LATE}\n  budget:
begins: 2026-10-01T20 | begins: 01/10 20:00 | không có lỗ: trực ban không ai trực từ 01/10 19:00 | no hole: nobody has the duty
two of a role at once | routing |   budget: |   rota:\n{DAY}\n{EARLY}\n  budget:
begins: 2026-10-01T18 | begins: 01/10 18:00 | không trùng ca: trực ban đã có người tới 01/10 19:00 | no overlap: trực ban has
a shift of somebody of another role | routing |   budget: |   rota:\n{HEAD}\n  budget:
head-la-van-ha | contacts: head-la-van-ha | một người có vai trò trực ban: control-room | a contact of the role
a shift without an offset | routing |   budget: |   rota:\n{NAIVE}\n  budget:
begins: 2026 | begins: … | đúng kiểu (Expected `datetime` with a timezone component) | timezone
a shift that ends before it begins | routing |   budget: |   rota:\n{BACK}\n  budget:
begins: 2026 | ends: 2026-10-01T06:00:00+07:00 | lớn hơn begins (2026-10-01T07:00:00+07:00) | more than begins
hours of a role and kind that has some | routing | ends: "21:00"} | ends: "21:00"}\n    - {roles: [hợp tác xã], kinds: [air], begins: "20:00", ends: "23:00"}
begins: "20:00" | begins: 20:00 | một dòng hours cho hợp tác xã, air | one row of hours
a ladder behind one that fits more | routing |     - levels: [2] |     - levels: [3, 4]\n      rungs: [{after_min: 1, roles: [trực ban]}]\n    - levels: [2]
levels: [3, 4]\n | levels: [3, 4] | đứng trước thang chung hơn nó | before the ladders
a budget of nothing | routing | month_vnd: 3000000 | month_vnd: 0
month_vnd: 0 | month_vnd: 0 | số nguyên > 0 | a whole number > 0
a budget that no store holds | routing | month_vnd: 3000000 | month_vnd: 30000000000000
month_vnd: 3 | month_vnd: ••• | tối đa một nghìn tỉ đồng | at most 10^12 VND
a budget that warns when all is spent | routing | warn_share: 0.8 | warn_share: 1
warn_share: 1 | warn_share: 1 | số > 0 < 1 | a number > 0 < 1
a price of a way that is none | routing | prices: {zalo: 300} | prices: {zallo: 300}
zallo | budget: … | đúng kiểu (Invalid enum value 'zallo') | Invalid enum value 'zallo'
a role that is told of the budget and is none | routing | 300}, roles: [trực ban] | 300}, roles: [trực bang]
trực bang | roles: trực bang | một vai trò trong contacts.yaml: chủ tịch xã, | a role of contacts.yaml
an office without a name | routing | name: Công an | name: " "
number: "113" | name: "" | một cái tên | a name
an office without a number | routing | number: "113" | number: xã
number: xã | number: xã | một số điện thoại | a number to ring
a spike below nothing | quality | spike: {suspect: 0.3 | spike: {suspect: -1
spike: {suspect: -1 | suspect: -1 | số > 0 | a number > 0
a phone number in a comment | contacts | contacts:\n | # Bà Tư {PHONE}\ncontacts:\n
# Bà Tư | # Bà Tư ••• | không có số điện thoại; số nằm trong VAR/secrets/contacts.json | no phone number
a phone number in pieces | contacts | name: Phòng điều hành | name: Phòng +84 (912) 345-678
Phòng +84 | name: Phòng ••• | không có số điện thoại | no phone number
""".replace("{PHONE}", PHONE)
    .replace("{DAY}", shift("control-room", "01T07:00:00+07:00", "01T19:00:00+07:00"))
    .replace("{LATE}", shift("control-room", "01T20:00:00+07:00", "02T07:00:00+07:00"))
    .replace("{EARLY}", shift("control-room", "01T18:00:00+07:00", "02T07:00:00+07:00"))
    .replace("{HEAD}", shift("head-la-van-ha", "01T07:00:00+07:00", "01T19:00:00+07:00"))
    .replace("{NAIVE}", shift("control-room", "01T07:00:00", "01T19:00:00+07:00"))
    .replace("{BACK}", shift("control-room", "01T07:00:00+07:00", "01T06:00:00+07:00"))
    .replace("{KINDS}", ", ".join(sorted(Kind)))
    .strip()
    .splitlines()
)


def cases() -> list[Broken]:
    """Two lines of the table make a case."""
    lines = [line.replace(r"\n", "\n").replace(r"\t", "\t").split(" | ") for line in TABLE]
    return [Broken(*change, *told) for change, told in zip(lines[::2], lines[1::2], strict=True)]


TWO = {
    "a mean of rain": 5,  # its limits are of a day
    "a level without a ladder": 2,  # of level 3 there is one already
    "a section of one's own": 2,  # `rules` is missing too
    "two stations of one id": 4,  # the rules and the cage of the other have lost it
    "a parameter twice": 4,  # the other's quality, rule and witness have lost it
    "a rule for a station that is none": 2,  # the gauge has lost its alarm levels
    "a low level above the one before": 2,  # it is cleared on the wrong side too
}
"""Changes that are two mistakes."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example commune, to break."""
    return shutil.copytree(EXAMPLE, tmp_path / "commune")


def change(folder: Path, file: str, old: str, new: str) -> str:
    """Replace the first `old`; returns the text."""
    path = folder / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text := text.replace(old, new, 1), encoding="utf-8")
    return text


def line_of(text: str, at: str) -> int:
    return text.count("\n", 0, text.index(at)) + 1


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_broken_configuration_is_told_at_its_line(case: Broken, folder: Path) -> None:
    text = change(folder, case.file, case.old, case.new)

    told = check(folder)
    findings = [one for one in told if one.found == case.found]

    assert [(finding.file, finding.line) for finding in findings] == [
        (f"{case.file}.yaml", line_of(text, case.at))
    ]
    assert case.vi in findings[0].expected_vi
    assert case.en in findings[0].expected_en
    assert len(told) == TWO.get(case.name, 1), "nothing is told twice or blamed for what only follows"


def test_the_example_has_no_mistake() -> None:
    assert check(EXAMPLE) == []
    assert mistakes(load(EXAMPLE)) == []


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "rules.yaml").unlink()

    assert [(one.file, one.line, one.found) for one in check(folder)] == [("rules.yaml", 1, "rules.yaml: ?")]


@pytest.mark.parametrize(
    "text", [b"", b"# only words\n", b"[]", b"rules:\n", b"rules: &a [*a]", b"\x07", b"- {", b"rules: \xff"]
)
def test_no_bytes_stop_the_check(text: bytes, folder: Path) -> None:
    (folder / "rules.yaml").write_bytes(text)

    assert {one.file for one in check(folder)} == {"rules.yaml"}


def test_mistakes_of_all_files_are_told_at_once(folder: Path) -> None:
    change(folder, "commune", "unit: quang-tho", "unit: quang-phu")
    change(folder, "stations", "low: -1,", "low: thấp,")
    change(folder, "stations", "unit: NTU", "unit: fnu")
    change(folder, "rules", "clear_at: 45", "clear_at: 55")
    change(folder, "contacts", "[zalo, sms]", "[fax]")

    told = [(one.file, one.found) for one in check(folder)]

    assert told == [
        ("commune.yaml", "unit: quang-phu"),
        ("contacts.yaml", "channels: fax"),
        ("rules.yaml", "clear_at: 55"),
        ("stations.yaml", "low: thấp"),
        ("stations.yaml", "unit: fnu"),
    ]


def test_two_rules_that_tell_the_same_thing_clash(folder: Path) -> None:
    text = (folder / "rules.yaml").read_text(encoding="utf-8")
    first = text[text.index("  - id: river-phu-oc") : text.index("  # The commune's page")]
    (folder / "rules.yaml").write_text(text + first.replace("river-phu-oc", "river-again"), encoding="utf-8")

    (told,) = check(folder)

    assert told.found == "id: river-again"
    assert told.line == len(text.splitlines()) + 1
    assert "river-phu-oc (phu-oc, river_level)" in told.expected_vi


def test_limits_lie_farther_apart_than_what_the_commune_itself_calls_a_stuck_sensor(folder: Path) -> None:
    change(folder, "quality", "flat: {tolerance: 0.0005,", "flat: {tolerance: 0.25,")

    told = [(one.file, one.found, one.expected_en) for one in check(folder)]

    assert told == [
        ("rules.yaml", f"clear_at: {clear}", f"at least 0.25 away from raise_at ({at}): the sensor's noise")
        for at, clear in (("1.5", "1.3"), ("3", "2.8"), ("4.5", "4.3"))
    ]


def test_a_number_that_is_none_never_reaches_a_flow(folder: Path) -> None:
    change(folder, "rules", "raise_at: 100,", "raise_at: .nan,")

    with pytest.raises(ConfigurationError, match=r"raise_at: nan; cần một số hữu hạn .*phusa check"):
        load(folder)


def test_a_field_that_a_later_version_adds_is_covered_by_its_name() -> None:
    data = {
        "rules": [{"clear_hold_s": -7200, "hold_s": 600}],
        "stations": [{"clock_offset_s": -25200, "late_h": float("inf"), "name": "Phú Ốc", "open": True}],
        "accounts": {"low": -1, "kept_days": 40_000},
    }

    told = {mistake.path: mistake.expected_en for mistake in number_mistakes(data)}

    assert told == {
        ("rules", 0, "clear_hold_s"): "a time of 0 or more",
        ("stations", 0, "late_h"): "a finite number (not nan, inf)",
        ("accounts", "kept_days"): "at most 100 years",
    }


def test_too_low_and_too_high_of_one_parameter_do_not_clash(folder: Path) -> None:
    low = "  - {id: river-low, kind: river, parameter: river_level, stations: [phu-oc], direction: below,\n"
    low += "     levels: [{level: 1, name: cạn, raise_at: -0.5, clear_at: 0.0}]}\n"
    rules = folder / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + low, encoding="utf-8")

    assert check(folder) == []


def test_the_command_tells_vietnamese_first_and_fails(folder: Path) -> None:
    change(folder, "stations", "unit: NTU", "unit: fnu")

    code, output = run(str(folder))

    lines = output.splitlines()
    assert code == 1
    assert lines[0].startswith("stations.yaml:22  thấy unit: fnu ; cần đơn vị NTU")
    assert lines[1].strip().startswith("found unit: fnu ; expected the unit NTU")


def test_the_command_counts_what_is_good() -> None:
    code, output = run(str(EXAMPLE))
    assert code == 0
    assert output.startswith("Cấu hình tốt: 8 thôn, 4 trạm, 41 camera, 9 quy tắc, 12 nơi thu, 14 người nhận")


def test_the_command_speaks_json(folder: Path) -> None:
    change(folder, "stations", "unit: NTU", "unit: fnu")

    code, output = run(str(folder), "--json")
    assert code == 1
    assert [(load["file"], load["line"]) for load in json.loads(output)] == [("stations.yaml", 22)]
    assert json.loads(run(str(EXAMPLE), "--json")[1]) == []


@pytest.mark.parametrize(
    "line",
    [
        f"    phone: {PHONE}",
        f'    "{PHONE}": 1',
        f"    least_level: {PHONE}",
        f"    least_level: {PHONE}\n    least_level: {PHONE}",
        "    least_level: 0912.345678",
        "    role: +84 912 345 678",
        f"    role: [{PHONE}",
        f"    role: {'x' * 48} {PHONE}",
        f"    hamlets: [head-{PHONE}]",
    ],
)
@pytest.mark.parametrize("file", ["contacts", "stations"])
def test_no_phone_number_is_printed(file: str, line: str, folder: Path) -> None:
    change(folder, file, "    hamlets:", f"{line}\n    hamlets:")

    code, output = run(str(folder))

    assert code == 1
    assert output.startswith(f"{file}.yaml:")
    digits = "".join(char for char in output.replace(str(folder), "") if char.isdigit())
    assert "912345" not in digits
    assert "345678" not in digits
