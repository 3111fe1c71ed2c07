"""Little files as loggers, portals, offices and workbooks write them, each with the readings that are right and the words to be said."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import NamedTuple

import openpyxl

Right = dict[tuple[str, str], float]
"""(parameter, time with its zone) -> value."""


class Case(NamedTuple):
    """A file: its path below the data folder, its bytes, what is right; `said` must stand in what is told; `lost` values not read."""

    path: str
    raw: bytes
    right: Right
    said: tuple[str, ...] = ()
    lost: int = 0
    stations: int = 1


class Refused(NamedTuple):
    """A file of which nothing can be read, and what the sentence must hold."""

    path: str
    raw: bytes
    said: tuple[str, ...]
    foreign: bool = False


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """A workbook as bytes."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


RDB = """# ---------------------------------- WARNING ----------------------------------------
# Data provided for site 01646500, retrieved: 2025-04-27 14:00:01 -04:00 (natwebcaas01)
#            TS   parameter     Description
#         69928       00065     Gage height, feet
agency_cd\tsite_no\tdatetime\ttz_cd\t69928_00065\t69928_00065_cd
5s\t15s\t20d\t6s\t14n\t10s
USGS\t01646500\t2025-11-02 01:45\tEDT\t10.00\tP
USGS\t01646500\t2025-11-02 01:00\tEST\t11.00\tP
USGS\t01646500\t2025-11-02 01:15\tEST\tIce\tP
"""
OPEN_METEO = """latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation
16.5,107.6,4.0,0,GMT,GMT

time,pm10 (μg/m³),pm2_5 (μg/m³)
2025-10-15T00:00,30.1,20.5
2025-10-15T01:00,,21.0
"""
VIETNAM = "2025-10-15T07:00:00+07:00"
LATER = "2025-10-15T08:00:00+07:00"
PM, LEVEL, DO, DEPTH, TEMP = "pm25", "river_level", "dissolved_oxygen", "street_depth", "water_temperature"
TWO = {(PM, VIETNAM): 14.4, (PM, LATER): 15.0}
USUAL = "giờ Việt Nam"

READ: dict[str, Case] = {
    "a plain file": Case("air/a.csv", b"datetime,pm25\n2025-10-15 07:00,14.4\n2025-10-15 08:00,15\n", TWO, (USUAL,)),
    "ragged rows: the good are read": Case(
        "air/a.csv", b"datetime,pm25\n2025-10-15 07:00,14.4\n2025-10-15 07:30,1,2\n2025-10-15 07:40\n2025-10-15 08:00,15\n", TWO,
        ("dòng 3", "thấy 3 ô, cần 2", "found 3 fields, expected 2", "2 chỗ như vậy"), 2),
    "stamps with a zone": Case(
        "air/a.csv", b"time,pm25\n2025-10-15T07:00:00+07:00,14.4\n2025-10-15T01:00:00+00:00,15\n",
        {(PM, VIETNAM): 14.4, (PM, "2025-10-15T01:00:00+00:00"): 15.0}),
    "stamps that end in Z": Case("air/a.csv", b"timestamp,PM2.5\n2025-10-15T00:00:00Z,14.4\n", {(PM, "2025-10-15T00:00:00+00:00"): 14.4}),
    "epoch seconds": Case("air/a.csv", b"timestamp,pm25\n1760486400,14.4\n", {(PM, "2025-10-15T00:00:00+00:00"): 14.4}),
    "epoch milliseconds": Case(
        "air/a.csv", b"ts,pm25\n1760486400000,14.4\n1760486400500,15\n",
        {(PM, "2025-10-15T00:00:00+00:00"): 14.4, (PM, "2025-10-15T00:00:00.500000+00:00"): 15.0}),
    "odd seconds, two in one second": Case(
        "water/a.csv", b"datetime,ph\n2025-10-15 07:00:07.250,7.1\n2025-10-15 07:00:07.750,7.2\n",
        {("ph", "2025-10-15T07:00:07.250000+07:00"): 7.1, ("ph", "2025-10-15T07:00:07.750000+07:00"): 7.2}),
    "semicolons and decimal commas": Case("air/a.csv", b"datetime;pm25\n2025-10-15 07:00;14,4\n2025-10-15 08:00;15,0\n", TWO),
    "a decimal comma in quotation marks": Case("air/a.csv", b'datetime,pm25\n2025-10-15 07:00,"14,4"\n2025-10-15 08:00,"15"\n', TWO),
    "a decimal comma that makes a cell more": Case(
        "air/a.csv", b"datetime,pm25\n2025-10-15 07:00,14.4\n2025-10-15 07:30,14,4\n2025-10-15 08:00,15\n", TWO,
        ("dòng 3", "dấu phẩy thập phân"), 1),
    "thousands, both ways": Case(
        "water/a.csv", "datetime;Độ dẫn điện (µS/cm)\n15/10/2025 07:00;1.234,5\n15/10/2025 08:00;12 345\n".encode(),
        {("conductivity", VIETNAM): 1234.5, ("conductivity", LATER): 12345.0}),
    "a value with its unit": Case("air/a.csv", "datetime,pm25\n2025-10-15 07:00,14.4 µg/m³\n2025-10-15 08:00,0.015 mg/m3\n".encode(), TWO),
    "a value with a foreign unit": Case(
        "air/a.csv", b"datetime,pm25\n2025-10-15 07:00,14.4\n2025-10-15 07:30,12 qua\n2025-10-15 08:00,15\n", TWO,
        ("dòng 3", "«12 qua»", "cần một số"), 1),
    "titles above the head, names and units in Vietnamese": Case(
        "river/phu-oc.csv", ("TRẠM THỦY VĂN PHÚ ỐC\nSông Bồ\n\nThời gian,Mực nước (cm),Ghi chú\n15/10/2025 07:00,352,\n15/10/2025 08:00,360,lên\n").encode(),
        {(LEVEL, VIETNAM): 3.52, (LEVEL, LATER): 3.6}, (USUAL, "Ghi chú")),
    "date and time in two columns": Case(
        "water/a.tsv", "Ngày\tGiờ\tDO (mg/l)\tNhiệt độ nước [°C]\n15/10/2025\t07:00\t5,6\t27,1\n15/10/2025\t8h\t5,5\t-\n".encode(),
        {(DO, VIETNAM): 5.6, (TEMP, VIETNAM): 27.1, (DO, LATER): 5.5}),
    "hours as whole numbers, 24 is midnight": Case(
        "river/a.csv", "ngày,giờ,mực nước (m)\n14/10/2025,24,3.5\n15/10/2025,7,3.6\n".encode(),
        {(LEVEL, "2025-10-15T00:00:00+07:00"): 3.5, (LEVEL, VIETNAM): 3.6}),
    "the hour before the day": Case("river/a.csv", "Thời điểm;H (cm)\n07h00 15/10/2025;352\n8h 15/10/2025;360\n".encode(), {(LEVEL, VIETNAM): 3.52, (LEVEL, LATER): 3.6}),
    "the month first, as the column shows": Case(
        "air/a.csv", b"Date/Time,PM2.5\n10/15/2025 7:00 AM,14.4\n10/15/2025 8:00 AM,15\n", TWO),
    "months by name": Case("air/a.csv", b"Date,PM2.5\n15-Oct-2025 07:00,14.4\n15-Oct-2025 08:00,15\n", TWO),
    "calendar columns": Case("water/a.csv", b"Year,Month,Day,Hour,pH\n2025,10,15,7,7.1\n", {("ph", VIETNAM): 7.1}),
    "a byte order mark": Case("air/a.csv", "\ufeffdatetime,pm25\n2025-10-15 07:00,14.4\n".encode(), {(PM, VIETNAM): 14.4}),
    "UTF-16 with its mark": Case("river/a.csv", "Ngày giờ\tMực nước (m)\r\n15/10/2025 07:00\t3,52\r\n".encode("utf-16"), {(LEVEL, VIETNAM): 3.52}),
    "UTF-16 without its mark": Case("air/a.csv", "datetime,pm25\r\n2025-10-15 07:00,14.4\r\n".encode("utf-16-le"), {(PM, VIETNAM): 14.4}),
    "latin-1": Case("water/a.csv", "Date;Temp (°C);Cond (µS/cm)\n15.10.2025 07:00;27,1;310\n".encode("latin-1"), {(TEMP, VIETNAM): 27.1, ("conductivity", VIETNAM): 310.0}),
    "lines that end in CR only": Case("air/a.csv", b"datetime,pm25\r2025-10-15 07:00,14.4\r2025-10-15 08:00,15\r", TWO),
    "a separator at every end": Case("air/a.csv", b"datetime,pm25,\n2025-10-15 07:00,14.4,\n2025-10-15 08:00,15,\n", TWO),
    "no value, by every name": Case(
        "water/a.csv", b"datetime,ph,do\n2025-10-15 07:00,NULL,5\n2025-10-15 08:00,NaN,-9999\n2025-10-15 09:00,--,\n",
        {(DO, VIETNAM): 5.0, (DO, LATER): -9999.0}),
    "-9999 is not turned into another unit": Case("river/a.csv", b"datetime,stage (ft)\n2025-10-15 07:00,-9999\n2025-10-15 08:00,10\n", {(LEVEL, VIETNAM): -9999.0, (LEVEL, LATER): 3.048}),
    "two columns of one name": Case("air/a.csv", b"datetime,pm25,pm25\n2025-10-15 07:00,14.4,99\n", {(PM, VIETNAM): 14.4}, ("hai cột cùng là pm25", "cột 2")),
    "the head told again": Case("air/a.csv", b"datetime,pm25\n2025-10-15 07:00,14.4\ndatetime,pm25\n2025-10-15 08:00,15\n", TWO),
    "oxygen in percent is no oxygen in mg/L": Case(
        "water/a.csv", b"datetime,DO (%),DO (mg/L)\n2025-10-15 07:00,88,5.6\n", {(DO, VIETNAM): 5.6}, ("«%»",)),
    "a line of units below the head": Case("water/a.csv", b"datetime,temp,do\n,degF,mg/L\n2025-10-15 07:00,77,5.6\n", {(TEMP, VIETNAM): 25.0, (DO, VIETNAM): 5.6}),
    "a Campbell logger": Case(
        "river/a.dat", b'"TOA5","CR1000","CR1000","1234","x","CPU:a","1","Table1"\n"TIMESTAMP","RECORD","Stage"\n"TS","RN","m"\n"","","Smp"\n"2025-10-15 07:00:00",1,3.52\n',
        {(LEVEL, VIETNAM): 3.52}),
    "the USGS": Case("river/gauge.rdb", RDB.encode(), {(LEVEL, "2025-11-02T01:45:00-04:00"): 3.048, (LEVEL, "2025-11-02T01:00:00-05:00"): 3.3528}),
    "Open-Meteo, hourly": Case(
        "air/meteo.csv", OPEN_METEO.encode(),
        {("pm10", "2025-10-15T00:00:00+00:00"): 30.1, (PM, "2025-10-15T00:00:00+00:00"): 20.5, (PM, "2025-10-15T01:00:00+00:00"): 21.0},
        ("múi giờ theo đầu tệp",)),
    "Open-Meteo, JSON": Case(
        "air/meteo.json", json.dumps({"utc_offset_seconds": 25200, "hourly_units": {"time": "iso8601", "pm2_5": "μg/m³"},
                                      "hourly": {"time": ["2025-10-15T07:00", "2025-10-15T08:00"], "pm2_5": [14.4, 15.0]}}).encode(), TWO),
    "FloodNet, one row a depth": Case(
        "flood/net.csv", b"time,deployment_id,depth_proc_mm\n2025-10-15T00:00:00Z,a,101.6\n2025-10-15T00:00:00Z,b,0\n",
        {(DEPTH, "2025-10-15T00:00:00+00:00"): 10.16, (DEPTH, "2025-10-15T00:00:00+00:00 b"): 0.0}, (), 0, 2),
    "a long table": Case(
        "water/long.csv", "Thời gian,Thông số,Giá trị,Đơn vị\n15/10/2025 07:00,DO,5.6,mg/l\n15/10/2025 07:00,Nhiệt độ,27,oC\n15/10/2025 07:00,Cá,3,con\n".encode(),
        {(DO, VIETNAM): 5.6, (TEMP, VIETNAM): 27.0}, ("«Cá»", "dòng 4"), 1),
    "a workbook with a title and real times": Case(
        "water/a.xlsx", book(("Ao 1", [["Sổ theo dõi ao"], [], ["Ngày giờ", "DO (mg/L)", "pH"], [datetime.fromisoformat("2025-10-15 07:00"), 5.6, 7.1]])),
        {(DO, VIETNAM): 5.6, ("ph", VIETNAM): 7.1}),
    "a workbook of two ponds": Case(
        "water/a.xlsx", book(("Ao 1", [["Ngày giờ", "pH"], ["15/10/2025 07:00", 7.1]]), ("Ao 2", [["Ngày giờ", "pH"], ["15/10/2025 07:00", 7.9]]),
                             ("Ghi chú", [["Người đo"], ["An"]])),
        {("ph", VIETNAM): 7.1, ("ph", VIETNAM + " b"): 7.9}, (), 0, 2),
    "a workbook with a sheet a month": Case(
        "water/a.xlsx", book(("T9", [["Ngày giờ", "pH"], ["30/09/2025 07:00", 7.0]]), ("T10", [["Ngày giờ", "pH"], ["15/10/2025 07:00", 7.1]])),
        {("ph", "2025-09-30T07:00:00+07:00"): 7.0, ("ph", VIETNAM): 7.1}),
    "rows out of order": Case("air/a.csv", b"datetime,pm25\n2025-10-15 08:00,15\n2025-10-15 07:00,14.4\n", TWO, ("đã sắp lại",)),
    "two values of one time": Case(
        "air/a.csv", b"datetime,pm25\n2025-10-15 07:00,14.4\n2025-10-15 07:00,15\n", {(PM, VIETNAM): 14.4, (PM, VIETNAM + " b"): 15.0},
        ("hai giá trị khác nhau", "dòng 3")),
    "a head that says UTC": Case("air/a.csv", b"time (UTC),pm25 (ug/m3)\n2025-10-15 00:00,14.4\n", {(PM, "2025-10-15T00:00:00+00:00"): 14.4}, ("múi giờ theo tiêu đề",)),
    "a column of zones by place": Case("air/a.csv", b"time,tz,pm25\n2025-07-01 00:00,America/New_York,14.4\n", {(PM, "2025-07-01T00:00:00-04:00"): 14.4}),
    "gas in ppb": Case("air/a.csv", b"datetime,NO2 (ppb)\n2025-10-15 07:00,10\n", {("no2", VIETNAM): 18.818}, ("ppb",)),
    "inches of rain": Case("river/a.csv", b"datetime,precip_in\n2025-10-15 07:00,1\n", {("rain", VIETNAM): 25.4}),
    "a gauge told as value": Case("river/a.csv", b"timestamp,value\n2025-10-15T07:00:00+07:00,3.52\n", {(LEVEL, VIETNAM): 3.52}, ("hiểu là m",)),
    "centimetres of a bulletin without unit": Case("river/a.csv", "Thời gian,Mực nước\n15/10/2025 07:00,352\n".encode(), {(LEVEL, VIETNAM): 3.52}, ("hiểu là cm",)),
    "a time that is none": Case("air/a.csv", b"datetime,pm25\n2025-10-15 07:00,14.4\nyesterday,3\n2025-13-45 08:00,4\n2025-10-15 08:00,15\n", TWO,
                                ("dòng 3", "«yesterday»", "2 chỗ như vậy"), 2),
    "PM1.0 is not PM10": Case("air/a.csv", b"datetime,PM1.0,PM2.5\n2025-10-15 07:00,9,14.4\n", {(PM, VIETNAM): 14.4}, ("PM1.0",)),
    "serial days of a workbook": Case("air/a.csv", b"Date,PM2.5\n45945.2916667,14.4\n45945.3333333,15\n", TWO),
    "a HOBO logger": Case(
        "water/a.csv", '"Plot Title: Ao 1"\n"#","Date Time, GMT+07:00","Temp, °C (LGR S/N: 1, SEN S/N: 1)"\n1,10/15/25 07:00:00 AM,27.1\n2,10/15/25 08:00:00 AM,27.2\n'.encode(),
        {(TEMP, VIETNAM): 27.1, (TEMP, LATER): 27.2}),
    "a reservoir: a name that goes on, beside an alarm level": Case(
        "river/ho.csv", "STT;Ngày;Giờ;Mực nước TL (m);Mực nước báo động (m);Lưu lượng về (m3/s)\n1;15/10/2025;07;57,3;58;120\n".encode(),
        {(LEVEL, VIETNAM): 57.3, ("flow", VIETNAM): 120.0}, ("hiểu là river_level", "Mực nước báo động")),
    "OpenAQ": Case(
        "air/long.csv", "location_id,parameter,value,unit,datetimeUtc,datetimeLocal\n1,pm25,14.4,µg/m³,2025-10-15T00:00:00Z,2025-10-15T07:00:00+07:00\n".encode(),
        {(PM, "2025-10-15T00:00:00+00:00"): 14.4}),
    "columns split by spaces": Case("water/a.txt", b"datetime ph do\n2025-10-15T07:00 7.1 5.5\n", {("ph", VIETNAM): 7.1, (DO, VIETNAM): 5.5}),
    "a zone that nobody knows": Case(
        "river/a.tsv", b"datetime\ttz_cd\tstage (m)\n2025-10-15 07:00\tXYZ\t3\n2025-10-15 07:15\tEST\t3\n",
        {(LEVEL, "2025-10-15T07:15:00-05:00"): 3.0}, ("dòng 2", "XYZ"), 1),
    "an odd name for the time": Case("air/a.csv", "Mốc;PM2.5\n2025-10-15 07:00;14,4\n2025-10-15 08:00;15\n".encode(), TWO),
}  # fmt: skip
REFUSED: dict[str, Refused] = {
    "empty": Refused("air/a.csv", b"", ("tệp trống", "empty file")),
    "blank lines": Refused("air/a.csv", b"\r\n\r\n  \n", ("tệp trống",)),
    "only a head": Refused("air/a.csv", b"datetime,pm25\n", ("dòng 1", "không có dòng số liệu")),
    "no column of time": Refused("river/a.csv", b"stage (m),temp\n3.5,20\n3.6,21\n", ("dòng 1", "thiếu cột thời gian", "stage (m), temp", "datetime, time")),
    "no column of readings": Refused("air/a.csv", b"datetime,foo\n2025-10-15 07:00,1\n2025-10-15 08:00,2\n", ("dòng 1", "thiếu cột số đo", "foo", "PM2.5")),
    "no head": Refused("air/a.csv", b"2025-10-15 07:00,14.4\n2025-10-15 08:00,15\n", ("dòng 1", "dòng tiêu đề")),
    "noise": Refused("water/a.csv", bytes(range(256)), ("không phải văn bản",)),
    "a broken workbook": Refused("water/a.xlsx", b"PK\x03\x04 broken", ("bảng Excel hỏng",)),
    "an old workbook": Refused("water/a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("kiểu cũ", ".xlsx")),
    "a web page": Refused("air/a.csv", b"<!doctype html><html><body>403</body></html>", ("HTML",)),
    "no unit of ours": Refused("air/a.csv", b"datetime,pm25 (apples)\n2025-10-15 07:00,1\n", ("«apples»", "ug/m3")),
    "only bad times": Refused("air/a.csv", b"datetime,pm25\nhom qua,1\nhom kia,2\n", ("không cột nào là thời gian",)),
    "another table": Refused("water/places.csv", b"name,latitude,longitude\nAo 1,16.5,107.5\n", ("không phải bảng số đo",), foreign=True),
}  # fmt: skip
