"""Words for the types and fields of river.yaml."""

from __future__ import annotations

TYPES: dict[str, str] = {
    "Gauge": "Một trạm mực nước và thói quen của nó.",
    "Habit": "Xu thế mực nước đã đúng tới đâu: cửa sổ, các khoảng, tốc độ lên nhanh nhất.",
    "Band": "Với dự báo trong khoảng này: thời gian thật so với xu thế.",
    "Reservoir": "Một hồ chứa phía trên trạm; từ notable_m3_s trở lên là một đợt xả.",
    "Travel": "Lưu lượng từ mức này về tới trạm sau bao lâu.",
    "RainBand": "Một mức mưa: bao nhiêu mm trong bao nhiêu giờ.",
    "WaterCamera": "Một camera nhìn mặt nước.",
    "WaterRule": "Khi nào ảnh nói lên ngập; ban đêm, ảnh bão hòa, không thấy sông thì không xét.",
    "Region": "Một vùng ảnh.",
    "Mark": "Một mốc: ở mức này của trạm, nước tới chỗ này.",
    "MarkKind": "Mốc là gì: flood trận lũ, ford ngầm, road đường, school trường, market chợ, house nhà, other khác.",
    "FloodPlace": "Một nơi hay ngập và những nhân chứng của nó; hai loại là báo động, một là cần kiểm tra.",
}
FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "Mark": {
        "gauge": ("Trạm mực nước.", "The gauge."),
        "level": (
            "Mực nước của trạm khi nước vừa tới (m).",
            "Level of the gauge at which the water just reaches it, m.",
        ),
        "vi": ("Tên mốc tiếng Việt.", "Its name in Vietnamese."),
        "en": ("Tên mốc tiếng Anh.", "Its name in English."),
        "kind": ("Mốc là gì.", "What it is."),
        "source": (
            "Ai đo, ai viết; chưa ai đo thì ghi assumed.",
            "Who measured or wrote it; assumed where nobody has.",
        ),
    },
    "Gauge": {
        "station": ("Trạm gửi river_level.", "The station that sends river_level."),
        "habit": ("Thói quen của trạm.", "The gauge's habit."),
        "river": ("Tên sông, ví dụ sông Bồ.", "The river's name, for example sông Bồ."),
        "merge_h": ("Nước xuống bao lâu (giờ) mới hết một trận lũ.", "Hours below that end a flood."),
    },
    "Habit": {
        "windows_ms": ("Các cửa sổ tính xu thế (ms).", "Windows of the trend, in ms."),
        "horizon_ms": ("Xa hơn thế này không dự báo (ms).", "Further is not forecast, in ms."),
        "bands": ("Các khoảng theo độ xa.", "Bands by lead."),
        "fastest": ("Lên nhanh nhất (đơn vị mỗi giờ).", "Fastest rise, unit an hour."),
    },
    "Band": {
        "upto_ms": ("Dự báo tới thế này (ms).", "Forecasts up to this, in ms."),
        "low": ("Sớm nhất, so với xu thế.", "Earliest, times the trend."),
        "likely": ("Có thể nhất, so với xu thế.", "Likely, times the trend."),
        "high": ("Muộn nhất, so với xu thế.", "Latest, times the trend."),
        "came": ("Phần dự báo đã thành sự thật.", "Share of such forecasts that came true."),
    },
    "Reservoir": {
        "name": ("Tên hồ.", "Its name."),
        "gauge": ("Trạm phía dưới.", "The gauge downstream."),
        "notable_m3_s": ("Tăng từ mức này là một đợt xả.", "A rise of this much is a wave."),
        "travels": ("Thời gian nước về.", "Travel times."),
        "station": (
            "Trạm gửi reservoir_release; trống: chưa ai báo.",
            "The station that sends its release; empty: nobody.",
        ),
    },
    "Travel": {
        "from_m3_s": ("Từ lưu lượng này.", "From this release."),
        "least_ms": ("Nhanh nhất (ms).", "At least, in ms."),
        "most_ms": ("Chậm nhất (ms).", "At most, in ms."),
    },
    "RainBand": {
        "level": ("Mức.", "Level."),
        "hours": ("Số giờ.", "Hours."),
        "mm": ("Lượng mưa.", "Millimetres."),
        "name_vi": ("Tên tiếng Việt.", "Name in Vietnamese."),
        "name_en": ("Tên tiếng Anh.", "Name in English."),
        "over": ("Phải vượt, không chỉ đạt.", "Beyond it, not at it."),
        "source": ("Văn bản nào.", "Whose it is."),
    },
    "WaterCamera": {
        "id": ("Mã.", "Id."),
        "name": ("Tên.", "Name."),
        "stations": (
            "Trạm gửi water_pixels của từng vùng.",
            "Stations that send each region's water_pixels.",
        ),
        "rule": ("Cách xét.", "How it is judged."),
        "utc_offset_h": ("Giờ địa phương của camera so với UTC.", "The camera's local time against UTC."),
    },
    "WaterRule": {
        "regions": ("Các vùng ảnh.", "Regions of the picture."),
        "night_from": ("Đêm từ giờ này.", "Night from this hour."),
        "night_to": ("Đêm tới hết giờ này.", "Night to the end of this hour."),
        "full_share": ("Từ phần này là ảnh bão hòa.", "From this share the picture is saturated."),
        "empty_share": ("Dưới phần này là không thấy sông.", "Below this share no river is seen."),
    },
    "Region": {
        "pixels": ("Số điểm ảnh.", "Pixels."),
        "flood_share": ("Từ phần này là ngập.", "A flood from this share."),
    },
    "FloodPlace": {
        "id": ("Mã.", "Id."),
        "name": ("Tên trong tin nhắn.", "Name in messages."),
        "hamlets": ("Các thôn liên quan.", "Hamlets concerned."),
        "gauges": ("Trạm mực nước.", "Gauges."),
        "rains": ("Trạm mưa.", "Rain gauges."),
        "cameras": ("Camera nước.", "Water cameras."),
        "persons": ("Người báo.", "Persons."),
        "flood_from": ("Từ cấp báo động này là ngập.", "Flooded from this alarm level."),
        "rain_from": ("Từ mức mưa này là có thể ngập.", "Rain speaks for a flood from this level."),
    },
}
