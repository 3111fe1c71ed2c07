"""Words for the types and fields of fish.yaml."""

from __future__ import annotations

TYPES: dict[str, str] = {
    "Species": "Một loài cá và bảng ngưỡng của nó.",
    "FishLimit": "Một dòng của bảng, chép nguyên văn.",
    "Cage": "Trạm đo nước ở lồng và loài cá nuôi.",
    "NightHabit": "Đêm ở lồng thường ra sao: xu thế và phần trở thành sự thật.",
    "NightBand": "Trước bình minh chừng này giờ.",
    "FishAdvice": "Làm gì từ mức này; không ghi thông số là cho mọi thông số.",
}
_LEVEL = ("Như bảng in: <3, >9, 0.2-0.3, <0.2 | >0.5.", "As printed: <3, >9, 0.2-0.3, <0.2 | >0.5.")
FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "Species": {
        "id": ("Mã.", "Id."),
        "name": ("Tên.", "Name."),
        "name_en": ("Tên tiếng Anh.", "Name in English."),
        "source": ("Bảng của ai.", "Whose table it is."),
        "limits": ("Các dòng.", "Its rows."),
    },
    "FishLimit": {
        "parameter": ("Thông số.", "The parameter."),
        "unit": ("Đơn vị.", "The unit."),
        "required": _LEVEL,
        "level_1": _LEVEL,
        "level_2": _LEVEL,
        "level_3": _LEVEL,
        "margin": ("Phải tốt hơn ngưỡng bao nhiêu mới hết mức.", "How much better ends a level."),
        "note": ("Chỗ bảng in chưa rõ.", "What the printed row leaves unclear."),
    },
    "Cage": {
        "station": ("Mã trạm.", "The station's id."),
        "species": ("Các loài.", "The species."),
    },
    "NightHabit": {
        "latitude": ("Vĩ độ bắc.", "Degrees north."),
        "longitude": ("Kinh độ đông.", "Degrees east."),
        "window_ms": ("Độ dài xu thế (ms).", "Length of the trend, in ms."),
        "bands": ("Các khoảng, gần bình minh trước.", "Bands, the nearest to sunrise first."),
    },
    "NightBand": {
        "upto_h": ("Tới chừng này giờ trước bình minh.", "Up to so many hours before sunrise."),
        "share": ("Phần của xu thế trở thành sự thật.", "The share of the trend that comes true."),
        "low": ("Thấp hơn dự báo nhiều nhất (mg/L).", "Lowest against the forecast, mg/L."),
        "high": ("Cao hơn dự báo nhiều nhất (mg/L).", "Highest against the forecast, mg/L."),
    },
    "FishAdvice": {
        "level": ("Từ mức này.", "From this level."),
        "vi": ("Tiếng Việt.", "In Vietnamese."),
        "en": ("Tiếng Anh.", "In English."),
        "parameter": ("Thông số; trống là mọi thông số.", "The parameter; empty is all."),
        "side": (
            "Quá cao (above) hay quá thấp (below); trống là cả hai.",
            "Too much (above) or too little (below); empty is both.",
        ),
    },
}
