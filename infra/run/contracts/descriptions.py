"""What each type and field means, Vietnamese first; the English of a type is its docstring."""

from __future__ import annotations

from typing import Any

from infra.run.contracts import (
    fish,
    loudspeakers,
    phones,
    quality,
    river,
    routing,
    scenes_and_money,
    testimony,
)
from models.catalogue.flags import FLAGS
from models.catalogue.kinds import KINDS, RISE, Kind, Words
from models.catalogue.reasons import REASONS

FILE_WORDS: dict[str, Words] = {
    "commune": ("Đơn vị hành chính và các thôn.", "Administrative units and hamlets."),
    "stations": ("Các trạm đo và thông số của trạm.", "Stations and what they measure."),
    "rules": ("Các mức cảnh báo.", "Levels at which alerts are raised and cleared."),
    "contacts": ("Ai được báo tin; không ghi số điện thoại.", "Who is told; never a phone number."),
    "cameras": ("Các camera và vùng quan sát.", "Cameras and their zones."),
    "payments": ("Ai thu, thu khoản gì, mục tiêu.", "Who is paid, for what, and the targets."),
    "lorawan": ("Thiết bị LoRaWAN (ChirpStack v4).", "LoRaWAN devices (ChirpStack v4)."),
    "quality": ("Kiểm tra chất lượng số liệu (QARTOD).", "Quality control (QARTOD)."),
    "fish": ("Cá lồng: bảng ngưỡng, lồng, việc cần làm.", "Caged fish: tables, cages, what to do."),
    "marks": ("Nước tới đâu ở mức nào của trạm.", "What the river reaches at which level of its gauge."),
    "routing": ("Tin tìm tới người hành động thế nào.", "How an event finds a person who acts."),
    "river": ("Sông, mưa, hồ chứa, nơi hay ngập.", "The river, rain, reservoirs, places that flood."),
}
SECTION_WORDS: dict[str, Words] = {
    "units": ("Các đơn vị hành chính theo thời hạn.", "Administrative units with their validity."),
    "hamlets": ("Các thôn theo thời hạn.", "Hamlets with their validity."),
    "stations": ("Các trạm đo.", "The stations."),
    "rules": ("Các quy tắc cảnh báo.", "The rules of alerts."),
    "contacts": ("Những người nhận tin.", "Those who are told."),
    "cameras": ("Các camera.", "The cameras."),
    "merchants": ("Những nơi thu tiền.", "Those who are paid."),
    "fees": ("Các khoản thu.", "What is paid for."),
    "stalls": ("Các sạp chợ.", "The market stalls."),
    "targets": ("Mục tiêu của xã.", "What the commune set itself."),
    "odd": ("Khi nào một khoản là bất thường.", "When a payment is odd."),
    "profiles": ("Các hồ sơ thiết bị LoRaWAN.", "Profiles of LoRaWAN devices."),
    "devices": ("Các thiết bị LoRaWAN.", "The LoRaWAN devices."),
    "gauges": ("Các trạm mực nước.", "Gauges."),
    "routing": ("Gọi ai, theo thứ tự nào, khi nào.", "Who is called, in which order, when."),
    "reservoirs": ("Các hồ chứa.", "Reservoirs."),
    "rain_bands": ("Các mức mưa.", "Bands of rain."),
    "species": ("Các loài cá.", "The species."),
    "cages": ("Các lồng.", "The cages."),
    "nights": ("Đêm ở lồng cá.", "Nights at the cages."),
    "fish_advice": ("Việc cần làm.", "What to do."),
    "water_cameras": ("Các camera nhìn mặt nước.", "Cameras on the water."),
    "marks": ("Các mốc nước.", "Marks of the river."),
    "flood_places": ("Các nơi hay ngập.", "Places that flood."),
    "quality": ("Các phép thử của từng thông số.", "Tests of each parameter."),
}


def _called(kind: Kind) -> str:
    """The code and what its messages begin with."""
    return f"{kind} {KINDS[kind].titles[RISE].registered.lower()}"


TYPES: dict[str, str] = {
    "Unit": "Đơn vị hành chính và thời hạn của nó.",
    "Hamlet": "Một thôn thuộc một đơn vị; thôn đổi đơn vị thì thêm một mục.",
    "Station": "Một trạm đo và các thôn mà cảnh báo của trạm liên quan.",
    "Parameter": "Một thông số của trạm: đơn vị phải gửi, dải đo, chu kỳ.",
    "Rule": "Các mức của một thông số tại một số trạm.",
    "Level": "Một mức: đạt ở raise_at, chỉ rời ở clear_at (trễ).",
    "Contact": "Một người nhận: theo thôn, loại, mức thấp nhất. Số điện thoại nằm trong tập tin bí mật.",
    "Kind": f"Loại cảnh báo: {'; '.join(_called(one) for one in Kind)}.",
    "Direction": "Phía xấu của ngưỡng: above là trên, below là dưới.",
    "Average": "Xét từng giá trị (none) hay trung bình mỗi giờ (hour).",
    "Channel": "Đường tới điện thoại.",
    "Change": "Cảnh báo đổi thế nào: raise bắt đầu, worse nặng hơn, better nhẹ hơn, clear hết.",
    "Outcome": "Điện thoại đã nhận chưa: delivered đã nhận, failed hỏng, pending đang chờ.",
    "Reason": f"Vì sao bản tin bị loại: {', '.join(f'{one} {vi}' for one, (vi, _) in REASONS.items())}.",
    "Profile": "Một loại thiết bị LoRaWAN và nghĩa của từng trường mà codec đưa ra.",
    "Field": "Một trường của codec: là thông số nào, đơn vị nào.",
    "Device": "Một thiết bị LoRaWAN, gửi số đo của trạm nào.",
    "Reading": "Một giá trị của một thông số do trạm gửi, giữ nguyên.",
    "Observation": "Một giá trị đã kiểm tra; giá trị không bao giờ bị sửa.",
    "Evidence": "Một dòng bằng chứng; không có tên ai.",
    "AlertChange": "Lần đổi thứ seq của một cảnh báo; (alert, seq) là khóa.",
    "Rejected": "Bản tin không đọc được: nguyên văn, từ đâu, vì sao; (topic, partition, offset) là khóa.",
}
_CODE = ("Mã: a-z, 0-9, dấu -.", "Code: a-z, 0-9 and -.")
_NAME = ("Tên, đứng trong tin nhắn.", "Name, as it stands in messages.")
_FROM = ("Ngày đầu tiên còn hiệu lực.", "First day of validity.")
_TO = ("Ngày cuối cùng còn hiệu lực; để trống nếu còn.", "Last day of validity; none while it stands.")
_HAMLETS = ("Mã các thôn.", "Codes of hamlets.")
_PARAMETER = ("Thông số, ví dụ river_level.", "Parameter, for example river_level.")
_UNIT = ("Đơn vị, ví dụ m, mg/L, ug/m3.", "Unit, for example m, mg/L, ug/m3.")
_VERSION = ("Phiên bản của bản tin, nay là 1.", "Version of the message, now 1.")
_STATION = ("Mã trạm.", "Id of the station.")
_AT = ("Thời điểm đo, RFC 3339 có múi giờ.", "Time of measurement, RFC 3339 with an offset.")
_VALUE = ("Giá trị, theo unit.", "Value, in unit.")
_SEQ = ("Số thứ tự của trạm.", "The station's own counter.")

FIELDS: dict[str, dict[str, Words]] = {
    "Unit": {"code": _CODE, "name": _NAME, "valid_from": _FROM, "valid_to": _TO},
    "Hamlet": {
        "code": _CODE,
        "name": _NAME,
        "unit": ("Mã đơn vị của thôn.", "Code of the hamlet's unit."),
        "valid_from": _FROM,
        "valid_to": _TO,
    },
    "Station": {
        "id": ("Mã trạm, cũng là tên trong chủ đề MQTT.", "Id, also the name in the MQTT topic."),
        "name": _NAME,
        "hamlets": ("Các thôn được báo về trạm này.", "Hamlets that this station's alerts concern."),
        "parameters": ("Các thông số trạm đo.", "What the station measures."),
        "latitude": ("Vĩ độ, độ thập phân.", "Latitude, decimal degrees."),
        "longitude": ("Kinh độ, độ thập phân.", "Longitude, decimal degrees."),
        "file_names": (
            "Phần đứng trước thời gian trong tên tệp của trạm (Thông tư 10/2021); trống: trạm không gửi tệp.",
            "What stands before the time in its file names (Circular 10/2021); none: it sends no files.",
        ),
        "clock_offset_s": (
            "Đồng hồ của trạm nhanh bao nhiêu giây (25200: máy ghi giờ Việt Nam mà khai là UTC); được trừ đi.",
            "How far the station's clock is ahead, s (25200: it writes Vietnam's time as UTC); it is taken off.",
        ),
    },
    "Parameter": {
        "code": _PARAMETER,
        "unit": ("Đơn vị trạm phải gửi.", "The unit that the station must send."),
        "low": ("Cận dưới của dải đo, theo unit.", "Lower end of the physical range, in unit."),
        "high": ("Cận trên của dải đo, theo unit.", "Upper end of the physical range, in unit."),
        "interval_s": ("Chu kỳ gửi, giây.", "Interval between readings, seconds."),
        "silent_after_s": ("Không có tin lâu hơn: mất tín hiệu, giây.", "Silent after so many seconds."),
        "file_names": (
            "Tên khác của thông số trong cột 1 của tệp, ví dụ N-NH4.",
            "Other names of it in column 1 of files, for example N-NH4.",
        ),
        "kappa": (
            "Độ hút ẩm của bụi, cho máy đo rẻ không sấy: thêm giá trị khô bên cạnh giá trị thô.",
            "Hygroscopicity, for a cheap sensor without a dryer: a dry value beside the raw one.",
        ),
        "file_units": (
            "Cách viết khác của đơn vị trong tệp, ví dụ ug/Nm3; không đổi giá trị.",
            "Other spellings of its unit in files, for example ug/Nm3; values are not converted.",
        ),
    },
    "Profile": {"code": _CODE, "fields": ("Các trường của codec.", "Fields of the codec's object.")},
    "Field": {
        "name": ("Tên trường, dấu chấm vào trong.", "Name of the field; dots lead inside."),
        "parameter": _PARAMETER,
        "unit": ("Đơn vị của codec, phải là của trạm.", "The codec's unit, which must be the station's."),
        "zero_when_missing": (
            "Codec này bỏ số 0: thiếu trường nghĩa là 0. Nếu không, thiếu là bị loại.",
            "This codec leaves zeros out: a missing field is 0. Else it is refused by name.",
        ),
        "optional": (
            "Không phải lần nào thiết bị cũng gửi: thiếu là không đo, không bị loại.",
            "The device does not send it each time: missing, it was not measured and is not refused.",
        ),
    },
    "Device": {
        "dev_eui": ("DevEUI, 16 chữ số thập lục phân.", "DevEUI, 16 hexadecimal digits."),
        "station": ("Mã trạm có các số đo này.", "Id of the station whose values it sends."),
        "profile": ("Mã hồ sơ.", "Code of its profile."),
    },
    "Rule": {
        "id": _CODE,
        "parameter": _PARAMETER,
        "stations": ("Mã các trạm.", "Ids of stations."),
        "levels": ("Các mức, mức lớn hơn nặng hơn.", "The levels; a higher number is worse."),
        "hold_s": ("Phải kéo dài bao lâu, giây.", "How long it must last, seconds."),
        "clear_hold_s": (
            "Phải tốt hơn bao lâu mới hạ mức, giây; để trống: như hold_s.",
            "How long it must be better before it is lowered, seconds; none: hold_s.",
        ),
        "source": ("Căn cứ: văn bản, bảng.", "Where the limits come from."),
    },
    "Level": {
        "level": ("Số của mức, 1 đến 5.", "Number of the level, 1 to 5."),
        "name": ("Tên mức, ví dụ BĐ2; ngắn vì đứng trong tin nhắn.", "Short name, for messages."),
        "raise_at": ("Đạt mức từ giá trị này.", "The level is reached at this value."),
        "clear_at": ("Chỉ rời mức ở giá trị này.", "The level is left only at this value."),
    },
    "Contact": {
        "id": ("Mã, cũng là khóa trong contacts.json.", "Id, also the key in contacts.json."),
        "name": ("Chức danh hoặc tên, không có số.", "Office or name, never a number."),
        "role": ("Vai trò.", "Role."),
        "hamlets": _HAMLETS,
        "kinds": ("Các loại cảnh báo muốn nhận.", "Kinds of alerts to hear of."),
        "channels": ("Các kênh theo thứ tự thử.", "Channels in the order to try."),
        "least_level": ("Mức thấp nhất được báo.", "The lowest level to be told."),
        "tells_easing": ("Cũng báo khi nhẹ bớt.", "Also told when a level eases."),
        "called_only": ("Chỉ thang gọi mới báo.", "Only a ladder calls them."),
    },
    "Reading": {
        "v": _VERSION,
        "source": _STATION,
        "seq": _SEQ,
        "at": _AT,
        "parameter": _PARAMETER,
        "value": _VALUE,
        "unit": _UNIT,
        "status": (
            "Trạng thái thiết bị: 0 đang đo, 1 hiệu chuẩn, 2 lỗi; thiếu là 0.",
            "State of the instrument: 0 measuring, 1 calibrating, 2 error; 0 where absent.",
        ),
        "asked": (
            "Được gửi lại theo yêu cầu (phusa rejected replay); trạm không được đặt.",
            "Sent again on request (phusa rejected replay); never set by a station.",
        ),
        "retimed": (
            "Đồng hồ gateway sai, `at` là giờ của máy chủ LoRaWAN; trạm không được đặt.",
            "The gateway's clock was wrong, `at` is the network server's time; never set by a station.",
        ),
    },
    "Observation": {
        "v": _VERSION,
        "source": _STATION,
        "seq": _SEQ,
        "at": _AT,
        "parameter": _PARAMETER,
        "value": _VALUE,
        "unit": _UNIT,
        "flag": (
            f"Cờ QARTOD: {', '.join(f'{flag.code:d} {flag.vi}' for flag in FLAGS.values())}.",
            f"QARTOD primary flag: {', '.join(f'{flag.code:d} {flag.en}' for flag in FLAGS.values())}.",
        ),
        "received_at": ("Khi hệ thống nhận.", "When our broker took it."),
        "confidence": (
            "Tin được bao nhiêu, 0 đến 1; chỉ có ở nước do camera thấy.",
            "How sure, 0 to 1; only of water that a camera sees.",
        ),
    },
    "AlertChange": {
        "v": _VERSION,
        "source": ("Thành phần đã phán đoán.", "The component that judged."),
        "seq": ("Lần đổi thứ mấy, từ 1.", "Number of the change, from 1."),
        "at": ("Thời điểm của sự việc.", "Event time."),
        "alert": ("rule:station:parameter:lúc bắt đầu.", "rule:station:parameter:onset."),
        "rule": ("Mã quy tắc.", "Id of the rule."),
        "station": _STATION,
        "parameter": _PARAMETER,
        "level": ("Mức sau khi đổi; 0 là hết.", "Level after the change; 0 is clear."),
        "previous": ("Mức trước khi đổi.", "Level before the change."),
        "value": _VALUE,
        "limit": ("Ngưỡng đã vượt, theo unit.", "The limit that was crossed, in unit."),
        "unit": _UNIT,
        "evidence": ("Ai thấy gì, lúc nào.", "Who saw what, and when."),
        "parameters": ("Thông số mất tín hiệu, hoặc các trạm.", "What is silent; stations, of a lost link."),
        "late_s": ("Tin muộn bao nhiêu giây.", "Seconds from the event to when it could be told."),
        "over": ("Đã qua khi biết: chỉ ghi lại, không báo ai.", "Past when known: recorded, told to nobody."),
        "exercise": ("Của cuộc diễn tập: không gì trong đó là thật.", "Of a drill: nothing of it is real."),
    },
    "Evidence": {"vi": ("Tiếng Việt.", "In Vietnamese."), "en": ("Tiếng Anh.", "In English.")},
    "Rejected": {
        "v": _VERSION,
        "source": ("Thành phần đã loại.", "The component that refused."),
        "seq": ("Offset của bản tin gốc.", "Offset of the original record."),
        "at": ("Khi bản tin gốc đến.", "When the original record came."),
        "topic": (
            "Chủ đề gốc; hoặc file:… tệp trạm, lorawan:… thiết bị, form:… phiếu của người đo, mqtt:… chủ đề MQTT, http:… lời gọi.",
            "Topic of origin; or file:… a station's file, lorawan:… a device, form:… a form, mqtt:… a topic of MQTT, http:… a call.",
        ),
        "partition": ("Phân vùng gốc.", "Partition of origin."),
        "offset": ("Vị trí gốc.", "Offset of origin."),
        "key": ("Khóa gốc, base64.", "Original key, base64."),
        "vi": ("Vì sao, tiếng Việt.", "Why, in Vietnamese."),
        "en": ("Vì sao, tiếng Anh.", "Why, in English."),
        "payload": ("Nguyên văn từng byte, base64.", "The bytes as they came, base64."),
    },
}
for room in (testimony, scenes_and_money, quality, river, fish, routing, loudspeakers, phones):
    TYPES, FIELDS = TYPES | room.TYPES, FIELDS | room.FIELDS
FILE_WORDS, SECTION_WORDS = FILE_WORDS | loudspeakers.FILES, SECTION_WORDS | loudspeakers.SECTIONS


def both(words: Words) -> str:
    """Vietnamese first, English on the next line."""
    return "\n".join(words)


def describe(parts: dict[str, Any]) -> None:
    """Add words to the schemas of types, in place; KeyError names a type or field without words.

    A field that only points to another type (an enumeration) is explained there.
    """
    for name, part in parts.items():
        english = " ".join(part.get("description", name).split())
        part["description"] = both((TYPES[name], english))
        for key, field in part.get("properties", {}).items():
            if "$ref" not in field:
                field["description"] = both(FIELDS[name][key])
