"""Words for the topic `testimony`: what a batch of a partition says to those who judge several sources together."""

from __future__ import annotations

Words = tuple[str, str]
_STATION = ("Mã trạm hay camera.", "Id of the station or camera.")
_PARAMETER = ("Thông số, ví dụ river_level.", "Parameter, for example river_level.")
_RULE = ("Mã của luật.", "Id of the rule.")

TYPES: dict[str, str] = {
    "PartitionReport": "Những gì một lô của một phần nói về các nơi, các trạm bên cạnh và đường truyền.",
    "Derived": "Một giá trị được tính, ví dụ rain_1h; at là cuối khoảng của nó.",
    "LevelRow": "Một mức của luật tại một trạm bắt đầu có hiệu lực.",
    "Doubt": "Một số đo đã xét nay mang cờ khác.",
    "Withdrawn": "Các giá trị được tính lại vì có số đo tới muộn: từ start tới end, kể cả hai đầu.",
}
FIELDS: dict[str, dict[str, Words]] = {
    "PartitionReport": {
        "v": ("Phiên bản của bản tin, nay là 1.", "Version of the message, now 1."),
        "source": ("Luồng đã nói: telemetry hay cameras.", "The flow that reports: telemetry or cameras."),
        "topic": ("Chủ đề mà lô được đọc.", "Topic of which the batch was read."),
        "partition": ("Phần của chủ đề ấy.", "Partition of that topic."),
        "next_offset": ("Vị trí sau bản ghi cuối của lô.", "Offset after the last record of the batch."),
        "read": ("Số bản ghi của lô; 0: chỉ có thời gian trôi.", "Records of the batch; 0: only time has passed."),
        "now_ms": ("Khi bản ghi cuối của lô tới, mili giây từ 1970.", "When the last of the batch came, milliseconds since 1970."),
        "complete_ms": (
            "Mọi thứ tới trước đó đã được xét, mili giây từ 1970; 0: lô không nói.",
            "All that came until then has been judged, milliseconds since 1970; 0: the batch does not say.",
        ),
        "late": ("Có bản ghi tới rất muộn hay sai thứ tự.", "Some came long after their time or out of order."),
        "observations": ("Số đo của các nhân chứng và trạm bên cạnh.", "Readings of witnesses and neighbours."),
        "derived": ("Tổng mưa.", "Sums of rain."),
        "levels": ("Các bước của luật tại trạm mực nước.", "Steps of the rule of a gauge."),
        "withdrawn": ("Các khoảng được tính lại.", "Spans that were reckoned anew."),
        "doubts": ("Số đo nay mang cờ khác.", "Readings that are flagged otherwise now."),
        "silences": ("Cảnh báo mất tín hiệu, chưa nói với ai.", "Alerts of silent stations, which nobody has been told."),
        "heard": ("Trạm nào được nghe lần cuối khi nào, mili giây từ 1970.", "When each station was heard last, milliseconds since 1970."),
    },
    "Derived": {
        "at": ("Cuối khoảng.", "End of the period."),
        "source": _STATION,
        "parameter": ("Thông số được tính, ví dụ rain_1h.", "Computed parameter, for example rain_1h."),
        "value": ("Giá trị, theo unit.", "Value, in unit."),
        "unit": ("Đơn vị.", "Unit."),
        "flag": ("Cờ QARTOD.", "QARTOD primary flag."),
        "count": ("Số số đo; với mưa: phần của khoảng có số đo, %.", "Readings in it; of rain: the share of the period that has readings, %."),
    },
    "LevelRow": {
        "at": ("Từ khi nào.", "Since when."),
        "source": _STATION,
        "parameter": _PARAMETER,
        "rule": _RULE,
        "level": ("Mức; 0 là không.", "The level; 0 is none."),
        "value": ("Giá trị đã gây ra.", "The value that made it."),
    },
    "Doubt": {
        "source": _STATION,
        "parameter": _PARAMETER,
        "at_ms": ("Thời điểm đo, mili giây từ 1970.", "Time of measurement, milliseconds since 1970."),
        "value": ("Giá trị.", "Value."),
        "flag": ("Cờ QARTOD nay.", "QARTOD primary flag as it is now."),
    },
    "Withdrawn": {
        "source": _STATION,
        "codes": ("Các thông số được tính lại; dấu * thay phần sau.", "Parameters that were reckoned anew; a * ends a prefix."),
        "start": ("Từ khi nào.", "From when."),
        "end": ("Tới khi nào.", "Until when."),
        "rule": ("Luật có các bước được tính lại; trống: không.", "The rule whose steps were reckoned anew; empty: none."),
    },
}  # fmt: skip
