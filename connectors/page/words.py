"""What the page says in its own words; what a place is said to be comes with the place."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from connectors.clock import VIETNAM
from models.alerting.words import quantity
from models.catalogue.analytics import ZONE_KINDS, of_zone
from models.catalogue.states import STATES, State, StateRow
from models.places.place import PlaceKind
from models.places.words import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.page.now import Now, Place, Rung

DAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
BAD = (State.DANGER, State.WARNING)
MOST_NAMED = 2


class Words(NamedTuple):
    """In both languages."""

    vi: str
    en: str


class Headline(NamedTuple):
    """What is said first: the worst state, in a sentence."""

    look: StateRow
    vi: str
    en: str
    counts_vi: str = ""
    counts_en: str = ""
    """How many places are how, what is well left out."""
    sentences: tuple[Words, ...] = ()
    """What is said of the worst places, without the time."""


def headline(now: Now) -> Headline:
    """The worst state and where it is. No place at all is not well: it is not known."""
    looks, apart = [place.look for place in now.told], uncounted(now)
    if now.trouble is not None:
        vi, en = now.trouble
        return Headline(
            STATES[State.SILENT],
            f"Không biết tình hình hiện tại: {vi}",
            f"The present state is not known: {en}",
        )
    if not looks and apart is not None:
        return Headline(
            STATES[State.SILENT],
            f"Không biết tình hình hiện tại: {apart.vi}",
            f"The present state is not known: {apart.en}",
        )
    if not looks:
        return Headline(
            STATES[State.SILENT],
            "Chưa có nơi nào được cấu hình hay gửi tín hiệu",
            "No place is configured or has told anything",
        )
    worst = min(looks, key=lambda look: look.rank)
    if all(look.code is State.NORMAL for look in looks):
        also = Words("", "") if apart is None else Words(f"; {apart.vi}", f"; {apart.en}")
        return Headline(
            worst, f"Cả {len(looks)} nơi bình thường{also.vi}", f"All {len(looks)} places are normal{also.en}"
        )
    if not any(look.known for look in looks):
        return Headline(
            worst,
            f"Không biết tình hình hiện tại: cả {len(looks)} nơi đều không có số liệu tin được",
            "The present state is not known: no place tells anything that can be trusted",
        )
    counts = Counter(look for look in looks if look.code is not State.NORMAL)
    ordered = sorted(counts, key=lambda count: count.rank)
    names = [place.name for place in now.told if place.look == worst]
    where = ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} nơi"
    where_en = ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} places"
    return Headline(
        worst,
        f"{worst.vi[:1].upper()}{worst.vi[1:]}: {where}",
        f"{worst.en.capitalize()}: {where_en}",
        ", ".join(f"{counts[count]} nơi {count.vi}" for count in ordered),
        ", ".join(f"{counts[count]} {count.en}" for count in ordered),
        tuple(Words(first(place.vi), first(place.en)) for place in now.told if place.look == worst)[
            :MOST_NAMED
        ],
    )


APART = {
    "untaught": Words("camera chưa dạy", "untaught"),
    "unsure": Words("camera không rõ nước", "not sure of water"),
    "unsent": Words("camera chưa có hình", "never sent a picture"),
}
"""Why nothing can be known of a zone yet, by what apart_at says; the store's own words, in the order they are told."""


def uncounted(now: Now) -> Words | None:
    """How many cameras are told in one line: "21 camera chưa dạy, 3 camera chưa có hình"; None: none is."""
    found = {why: {place.camera for place in now.places if place.apart == why} for why in APART}
    if not any(found.values()):
        return None
    return Words(
        ", ".join(f"{len(found[why])} {said.vi}" for why, said in APART.items() if found[why]),
        ", ".join(f"{len(found[why])} cameras {said.en}" for why, said in APART.items() if found[why]),
    )


def first(sentence: str) -> str:
    """What comes before the first semicolon: the figures, without what else is open there and when it was measured."""
    return sentence.partition(";")[0]


# No less than the example commune's fish_advice of low oxygen says, which the cages' keepers are sent.
AERATE = Words(
    "Chủ lồng cá: Sục khí hết công suất ngay, ngừng cho ăn, gọi hợp tác xã.",
    "Cage owners: aerate at full power now, stop feeding, call the cooperative.",
)
ADVICE: dict[tuple[str, State], Words] = {
    (PlaceKind.GAUGE, State.DANGER): Words(
        "Không qua đường ngập, ngầm tràn; đưa người già, trẻ em và đồ đạc lên cao; theo lệnh di dời của xã.",
        "Do not cross flooded roads; bring the old, the young and belongings up high; follow the commune's orders.",
    ),
    (PlaceKind.GAUGE, State.WARNING): Words(
        "Kê cao đồ đạc, dời gia súc, không ra sông; chuẩn bị nước uống, đèn, thuốc cho vài ngày.",
        "Raise belongings, move animals, keep off the river; have water, light and medicine for some days.",
    ),
    (PlaceKind.GAUGE, State.WATCH): Words(
        "Nước sông đã tới báo động đầu: theo dõi tin của xã, cẩn thận gần bờ sông.",
        "The river has reached its first alarm: follow the news, be careful near the bank.",
    ),
    (PlaceKind.STREET, State.DANGER): Words(
        "Không đi vào đường ngập, kể cả bằng xe máy.", "Do not enter the flooded road, not even by motorbike."
    ),
    (PlaceKind.STREET, State.WARNING): Words(
        "Tránh đường đang ngập, chọn lối khác.", "Avoid the flooded road, take another way."
    ),
    (PlaceKind.AIR, State.DANGER): Words(
        "Ở trong nhà, đóng cửa; ra ngoài thì đeo khẩu trang.",
        "Stay indoors with windows closed; wear a mask outside.",
    ),
    (PlaceKind.AIR, State.WARNING): Words(
        "Người già, trẻ em, người bệnh hạn chế ra ngoài.", "The old, the young and the ill should stay in."
    ),
    (PlaceKind.CAGES, State.DANGER): AERATE,
    (PlaceKind.CAGES, State.WARNING): AERATE,
    (PlaceKind.ZONE, State.DANGER): Words(
        "Không đến chỗ đang quá đông.", "Keep away from the crowded place."
    ),
    (PlaceKind.ZONE, State.WARNING): Words(
        "Chỗ đang rất đông: cân nhắc đến sau.", "Very crowded: consider coming later."
    ),
    (PlaceKind.CAGES, State.WATCH): Words(
        "Chủ lồng cá: Bật sục khí, ngừng cho ăn.", "Cage owners: start the aerators, stop feeding."
    ),
    (PlaceKind.STREET, State.WATCH): Words(
        "Đường bắt đầu có nước: đi chậm, để ý mức nước.",
        "Water begins to stand on the road: go slowly, watch its level.",
    ),
    (PlaceKind.AIR, State.WATCH): Words(
        "Người nhạy cảm (hô hấp, tim mạch) bớt vận động ngoài trời.",
        "The sensitive (lungs, heart) should do less outdoors.",
    ),
    (PlaceKind.ZONE, State.WATCH): Words(
        "Chỗ bắt đầu đông: để ý trẻ em, giữ lối đi.", "It becomes crowded: mind children, keep ways free."
    ),
}
"""General advice by what is wrong; the commune's own orders come first, and the page says so."""
UNKNOWN_ADVICE = Words(
    "Có nơi không có số liệu: tự quan sát, không coi là an toàn.",
    "Some places tell nothing: look for yourself, do not take them for safe.",
)
NOTHING_ADVICE = Words("Không cần làm gì đặc biệt.", "Nothing special to do.")
CALLS = Words(
    "Gọi 112 (cứu nạn), 114 (cứu hộ, cháy), 115 (cấp cứu).",
    "Call 112 (search and rescue), 114 (fire, rescue), 115 (ambulance).",
)


CALLED_FOR = (PlaceKind.GAUGE, PlaceKind.STREET)
"""Where water may take people: for fish, air and crowds nobody is told to call for rescue."""


OF_WATER = {
    code
    for row in ZONE_KINDS.values()
    if row.net or row.board
    for code in (row.analytic, row.marked, *row.beside)
}
"""What cameras make of zones of water and of boards."""


def _subject(place: Place) -> str:
    """What the advice is of: a zone in which a camera sees water is a road under water, no crowd."""
    analytic = of_zone(place.parameter)
    return PlaceKind.STREET if analytic is not None and analytic.code in OF_WATER else place.kind


def advice(now: Now) -> list[Words]:
    """What to do, the most urgent first; each once."""
    found: dict[Words, None] = {}
    for place in now.told:
        code = place.look.code
        if (_subject(place), code) in ADVICE:
            found[ADVICE[_subject(place), code]] = None
    if any(not place.look.known for place in now.places) or not now.places:
        found[UNKNOWN_ADVICE] = None
    if now.told and all(place.look.code is State.NORMAL for place in now.told):
        found[NOTHING_ADVICE] = None
    if any(place.look.code in BAD and _subject(place) in CALLED_FOR for place in now.places):
        found[CALLS] = None
    return list(found)


def metres(value: float) -> str:
    """3,43 m."""
    return quantity(value, "m", "vi")


def rung(rung: Rung) -> str:
    """How far a rung of the ladder is."""
    if rung.reached is None or rung.distance_m is None:
        return "không rõ, trạm không có số đo"
    return (
        f"đã tới, cao hơn {metres(abs(rung.distance_m))}"
        if rung.reached
        else f"còn {metres(abs(rung.distance_m))}"
    )


def road(rung: Rung) -> Words:
    """Whether a road or ford may be under water, by the level of the river alone."""
    if rung.reached is None or rung.distance_m is None:
        return Words(
            "không rõ, trạm sông không có số đo tin được",
            "unknown, the gauge tells nothing that can be trusted",
        )
    far = abs(rung.distance_m)
    if rung.reached:
        return Words(
            f"CÓ THỂ ĐÃ NGẬP: nước sông cao hơn mức tới đường {metres(far)}",
            f"may be flooded: the river is {far:.2f} m above it",
        )
    return Words(f"nước sông chưa tới, còn {metres(far)}", f"not reached, {far:.2f} m to go")


def moment(at: datetime) -> str:
    """15:40, Thứ Hai 23/11/2026."""
    local = at.astimezone(VIETNAM)
    return f"{local:%H:%M}, {DAYS[local.weekday()]} {local:%d/%m/%Y}"


def since(at: datetime | None, now: datetime) -> str:
    """13:20, with the day where it is another."""
    return "chưa rõ" if at is None else clock(at, now)


def age(span: timedelta) -> str:
    """4 phút; 38 giây for pictures, whose age counts."""
    seconds = round(span.total_seconds())
    if seconds < 0:
        return "giờ ở tương lai"
    if seconds < 60:
        return f"{seconds} giây"
    if seconds < 7200:
        return f"{seconds // 60} phút"
    return f"{seconds // 3600} giờ" if seconds < 172_800 else f"{seconds // 86_400} ngày"


def oldest(now: Now) -> tuple[str, bool]:
    """The age of the oldest datum, with its place; and whether that is no datum at all."""
    never = [place.name for place in now.told if place.datum_at is None]
    if now.trouble is not None:
        return f"{now.trouble[0]}, lần cuối {since(now.heard_at, now.at)}", True
    if never:
        return f"{len(never)} nơi chưa có số liệu nào ({never[0]}{'…' if len(never) > 1 else ''})", True
    if not now.ages:
        return "chưa có số liệu nào", True
    place, span = now.ages[0]
    if span < timedelta(minutes=1):
        return "mọi số liệu vừa tới", False
    return f"số liệu cũ nhất: {age(span)} ({place.name})", not place.look.known


def of_kind(places: Sequence[Place], kind: PlaceKind) -> list[Place]:
    """Those of one kind, in their order."""
    return [place for place in places if place.kind == kind]
