"""Words for the types and fields of quality.yaml."""

from __future__ import annotations

TYPES: dict[str, str] = {
    "Quality": "Các phép thử chất lượng của một thông số; không ghi trạm là cho mọi trạm. Phép thử không ghi thì không làm.",
    "Spike": "Lệch khỏi trung điểm của hai giá trị bên cạnh.",
    "Rate": "Đổi nhanh hơn mức này trong một giờ.",
    "Flat": "Đứng yên lâu: biên độ nhỏ hơn tolerance.",
    "Neighbour": "Trạm khác đo cùng thông số; số đo cách nhau dưới nửa giờ mà lệch quá apart thì cả hai bị nghi ngờ.",
}
_SUSPECT = ("Quá mức này: nghi ngờ, luật vẫn dùng.", "Beyond: suspect, rules still use it.")
_FAIL = ("Quá mức này: hỏng, không luật nào dùng.", "Beyond: failed, no rule uses it.")
FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "Quality": {
        "parameter": ("Thông số.", "The parameter."),
        "stations": ("Các trạm; trống là mọi trạm.", "The stations; empty is all."),
        "typical_low": ("Thấp hơn thì nghi ngờ.", "Below is suspect."),
        "typical_high": ("Cao hơn thì nghi ngờ.", "Above is suspect."),
        "spike": ("Nhảy vọt, đơn vị của thông số.", "Spike, in the parameter's unit."),
        "rate": ("Tốc độ đổi mỗi giờ.", "Rate of change an hour."),
        "flat": ("Đường phẳng.", "Flat line."),
        "gap_s": ("Quãng trống lâu hơn thế này (giây).", "A gap longer than this, in seconds."),
        "neighbour": ("So với trạm bên cạnh.", "Compared with a neighbour."),
        "repaired": ("Ngày sửa xong: những ngày trước không tính.", "Repaired: days before do not count."),
    },
    "Spike": {"suspect": _SUSPECT, "fail": _FAIL},
    "Rate": {"suspect": _SUSPECT, "fail": _FAIL},
    "Flat": {
        "tolerance": ("Biên độ, nhỏ hơn nhiễu của máy.", "The range, below the instrument's noise."),
        "suspect_s": ("Giây; lâu hơn thì nghi ngờ.", "Seconds; longer is suspect."),
        "fail_s": ("Giây; lâu hơn thì hỏng.", "Seconds; longer has failed."),
    },
    "Neighbour": {
        "station": ("Mã trạm bên cạnh.", "The neighbour's id."),
        "apart": ("Lệch nhiều nhất, đơn vị của thông số.", "Apart at most, in the parameter's unit."),
    },
}
