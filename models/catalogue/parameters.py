"""What is measured or reckoned, one row a parameter; every other list of parameters in the house is derived from it.

A new parameter: a row here, and the station that measures it in `stations.yaml` of its commune. Nothing else: messages, forms,
station files, checks of the configuration, reference tables, recordings and the simulator (which plays `usual`) read this table.
"""

from __future__ import annotations

from typing import NamedTuple


class ParameterRow(NamedTuple):
    """One parameter: `code` as it is stored, names in Vietnamese and English, the unit as we write it.

    `low`, `high`: what no water, air or instrument of the kind goes beyond, in `unit`; a station's own range may be narrower. `decimals`
    where the unit's do not do. `symbols`: its names in column 1 of station files, Circular 24/2017/TT-BTNMT, Annex 15, table 34, and the
    forms found in the government's reader (EOS), such as `PM-2-5`. `columns`: names of its columns in recordings, as letters and digits
    without marks; `here`: short names that mean it only in these folders. `of`: what it is reckoned from at a station, all of them; within
    one, separated by spaces, any. `measured`: a station may measure it. `loose`: it may do so in whatever unit it is configured for, no
    rule of ours has a limit of it. `forecast`: a straight line of some minutes; that it leads beyond a limit is worth telling, how far is
    not. `noise`: from crest to trough in `unit`, how far the readings of still water or air lie apart. `shown`: the unit in which people
    are told a plain number. `molar_g`: grams of a mole of a gas. `usual`: what the simulator plays, with `noise`,
    where it has no model of it.
    """

    code: str
    vi: str
    en: str
    unit: str
    low: float
    high: float
    symbols: str = ""
    decimals: int | None = None
    columns: str = ""
    here: str = ""
    of: tuple[str, ...] = ()
    measured: bool = True
    loose: bool = False
    forecast: bool = False
    noise: float | None = None
    shown: str = ""
    molar_g: float | None = None
    usual: float | None = None


_P = ParameterRow
_RIVER, _RAIN, _OXYGEN, _STREET = "river_level", "rain", "dissolved_oxygen", "street_depth"
_AIR = "pm25 pm10 o3 no2 so2 co"
"""The pollutants of VN_AQI (Decision 1459/QD-TCMT)."""

PARAMETERS: dict[str, ParameterRow] = {
    row.code: row
    for row in (
        # A gauge's zero is its own: the sea stands below it, a lake in the hills far above.
        _P(
            _RIVER, "mực nước", "water level", "m", -50, 3000, "Level WaterLevel Water-Level Mucnuoc", noise=0.03,
            columns="riverlevel waterlevel mucnuoc mucnuocsong mucnuocho mucnuoctram mucnuocthuongluu mucnuocbien sealevel "
            "seasurfaceheight seasurfaceheightabovesealevel stage gageheight gaugeheight waterheight watersurfaceelevation tide tidelevel "
            "wl hsong htd rivelevel chieucaomucnuoc cotnuoc waterstage riverstage gauge gage",
            here="river water: level height h depth waterdepth value giatri sodo elevation ht",
        ),
        _P(
            _STREET, "ngập đường", "street flooding", "cm", -50, 1000, noise=2.0,
            columns="streetdepth flooddepth dosaungap mucngap ngap depthprocmm depthproc depthfiltmm depthfilt depthrawmm floodlevel "
            "chieusaungap dongap inundation inundationdepth",
            here="flood: depth level waterlevel mucnuoc dosau value giatri waterdepth h height stage distance sodo",
        ),
        _P(_RAIN, "mưa", "rain", "mm", 0, 500, "Rain Rainfall", columns="rain rainfall precipitation precip prcp mua luongmua raintotal rainmm mucmua rr"),
        _P(
            _OXYGEN, "oxy hòa tan", "dissolved oxygen", "mg/L", 0, 40, "DO", noise=0.2,
            columns="dissolvedoxygen do odo oxy oxyhoatan oxygen doconc domg oxygendissolved hamluongoxy oxihoatan doconcentration o2 dowater",
        ),
        _P(
            "water_temperature", "nhiệt độ nước", "water temperature", "C", -5, 60, "Temp Temperature Nhietdo", noise=0.2,
            columns="watertemperature watertemp tempwater nhietdonuoc wtemp wtmp twater tnuoc temperatureofwater wt temperaturewater",
            here="river water: temp temperature t nhietdo temperaturec tempc tc",
        ),
        _P("ph", "pH", "pH", "pH", 0, 14, "pH", noise=0.1, columns="ph phvalue dophi doph phwater"),
        _P("turbidity", "độ đục", "turbidity", "NTU", -5, 10_000, "Turb Turbidity Doduc", columns="turbidity turb doduc"),
        _P(
            "conductivity", "độ dẫn điện", "conductivity", "uS/cm", 0, 100_000, "EC Cond Conductivity",
            columns="conductivity cond ec spc spcond specificconductance dodandien specificconductivity conduct spconductivity",
        ),
        _P(
            "pm25", "bụi PM2.5", "PM2.5", "ug/m3", 0, 2000, "PM2,5 PM2.5 PM2-5 PM-2-5 PM_2_5 PM-2.5 PM2_5 PM25",
            columns="pm2.5 pm25 pm2.5atm pm2.5cf1 finedust buimin buipm2.5 pm2.5concentration pm25conc",
        ),
        _P("pm10", "bụi PM10", "PM10", "ug/m3", 0, 3000, "PM10 PM-10 PM_10", columns="pm10 buipm10 pm10.0 pm10concentration"),
        _P("o3", "ozon", "ozone", "ug/m3", 0, 2000, "O3", columns="o3 ozone ozon", molar_g=48.0),
        _P("no2", "NO2", "NO2", "ug/m3", 0, 3000, "NO2", columns="no2 nitrogendioxide", molar_g=46.01),
        _P("so2", "SO2", "SO2", "ug/m3", 0, 5000, "SO2", columns="so2 sulphurdioxide sulfurdioxide", molar_g=64.06),
        _P("co", "CO", "CO", "ug/m3", 0, 200_000, "CO", columns="co carbonmonoxide", molar_g=28.01),
        _P(
            "air_temperature", "nhiệt độ không khí", "air temperature", "C", -40, 60, "Temp Temperature Nhietdo", noise=0.4,
            columns="airtemperature airtemp temperature2m nhietdokhongkhi tair ta tempair at2m tempout drybulb",
            here="air flood: temp temperature t nhietdo temperaturec tempc",
        ),
        _P(
            "humidity", "độ ẩm", "humidity", "%", 0, 100, "RH Humidity",
            columns="humidity rh relativehumidity relativehumidity2m doam doamkhongkhi hum relhum",
        ),
        _P("water_pixels", "mặt nước trên ảnh", "water in the picture", "1", 0, 1e8, shown="px"),
        _P(
            "oxygen_saturation", "độ bão hòa oxy", "oxygen saturation", "%", 0, 400,
            of=(_OXYGEN, "water_temperature"), measured=False,
        ),
        _P("nh3", "NH3", "NH3", "mg/L", 0, 100, "NH3", of=("ph", "water_temperature", "tan_n ammonium_n nh4")),
        _P("tan_n", "tổng amoni (TAN-N)", "total ammonia nitrogen", "mg/L", 0, 1000, "TAN TAN-N"),
        # As nitrogen or as the ion is a factor of 1.3 to 4.4: each name keeps its own basis.
        _P("ammonium_n", "amoni (N-NH4)", "ammonium nitrogen", "mg/L", 0, 1000, "N-NH4 NH4-N"),
        _P("nh4", "amoni (NH4)", "ammonium", "mg/L", 0, 1000, "NH4 NH4+"),
        _P("h2s", "H2S", "H2S", "mg/L", 0, 1000, "H2S"),
        _P("nitrite", "nitrit (NO2)", "nitrite", "mg/L", 0, 1000),
        _P("nitrite_n", "nitrit (N-NO2)", "nitrite nitrogen", "mg/L", 0, 1000, "N-NO2 NO2-N", 3),
        _P("nitrate_n", "nitrat (N-NO3)", "nitrate nitrogen", "mg/L", 0, 1000, "N-NO3 NO3-N"),
        _P("phosphate_p", "phosphat (P-PO4)", "phosphate phosphorus", "mg/L", 0, 1000, "P-PO4 PO4-P"),
        _P("chloride", "clorua", "chloride", "mg/L", 0, 50_000, "Cl Cl-"),
        _P("fluoride", "florua", "fluoride", "mg/L", 0, 1000, "F-"),
        _P("cyanide", "xyanua", "cyanide", "mg/L", 0, 1000, "CN CN-", 3),
        _P("arsenic", "asen", "arsenic", "mg/L", 0, 1000, "As", 3),
        _P("cadmium", "cadmi", "cadmium", "mg/L", 0, 1000, "Cd", 4),
        _P("lead", "chì", "lead", "mg/L", 0, 1000, "Pb", 3),
        _P("chromium_vi", "crom VI", "chromium VI", "mg/L", 0, 1000, "Cr6+ Cr(VI)", 3),
        _P("copper", "đồng", "copper", "mg/L", 0, 1000, "Cu"),
        _P("zinc", "kẽm", "zinc", "mg/L", 0, 1000, "Zn"),
        _P("nickel", "niken", "nickel", "mg/L", 0, 1000, "Ni", 3),
        _P("manganese", "mangan", "manganese", "mg/L", 0, 1000, "Mn"),
        _P("mercury", "thủy ngân", "mercury", "mg/L", 0, 1000, "Hg", 4),
        _P("iron", "sắt", "iron", "mg/L", 0, 1000, "Fe"),
        _P("surfactants", "chất hoạt động bề mặt", "surfactants", "mg/L", 0, 1000),
        _P("oil_grease", "dầu mỡ", "oil and grease", "mg/L", 0, 10_000),
        _P("bod5", "BOD5", "BOD5", "mg/L", 0, 100_000, "BOD5 BOD"),
        _P("cod", "COD", "COD", "mg/L", 0, 100_000, "COD"),
        _P("toc", "TOC", "TOC", "mg/L", 0, 100_000, "TOC"),
        _P("tss", "TSS", "TSS", "mg/L", 0, 100_000, "TSS"),
        _P("total_nitrogen", "tổng N", "total nitrogen", "mg/L", 0, 10_000, "TN T-N"),
        _P("total_phosphorus", "tổng P", "total phosphorus", "mg/L", 0, 10_000, "TP T-P"),
        _P("secchi", "độ trong", "transparency", "cm", 0, 5000),
        _P("current_speed", "tốc độ dòng chảy", "current", "m/s", 0, 20),
        _P("oxygen_fall", "oxy giảm mỗi giờ", "fall of oxygen", "mg/L/h", -100, 100, of=(_OXYGEN,), measured=False),
        _P("oxygen_dawn", "oxy bình minh (dự báo)", "oxygen at sunrise (forecast)", "mg/L", 0, 40, of=(_OXYGEN,), measured=False),
        _P("river_rise", "tốc độ nước lên", "rate of rise", "m/h", -100, 100, of=(_RIVER,), measured=False),
        *(
            _P(f"rain_{hours}h", f"mưa {hours} giờ", f"rain of {hours} h", "mm", 0, 500 * hours, of=(_RAIN,), measured=False)
            for hours in (1, 3, 6, 12, 24)
        ),
        *(
            _P(
                f"street_{ahead}min", f"ngập đường trong {ahead} phút tới", f"street flooding in the next {ahead} min", "cm", -50, 1000,
                of=(_STREET,), measured=False, forecast=True,
            )
            for ahead in (10, 30)
        ),
        _P("vn_aqi", "VN_AQI giờ", "hourly VN_AQI", "AQI", 0, 500, of=(_AIR,), measured=False),
        _P("vn_aqi_day", "VN_AQI ngày", "daily VN_AQI", "AQI", 0, 500, of=(_AIR,), measured=False),
        _P("flooded", "người dân báo ngập", "flooded, a person says", "1", 0, 1),
        _P("reservoir_release", "lưu lượng xả hồ", "reservoir release", "m3/s", 0, 100_000),
        # What some stations and recordings have and no rule of ours judges.
        _P("flow", "lưu lượng", "discharge", "m3/s", -1e5, 1e6, "Flow", columns="flow discharge streamflow luuluong q debit qvao qxa", loose=True),
        _P("salinity", "độ mặn", "salinity", "g/L", 0, 60, "Salinity Doman", columns="salinity sal doman psal", loose=True),
        _P("no", "NO", "NO", "ug/m3", 0, 5000, "NO", loose=True, molar_g=30.01),
        _P("color", "độ màu", "colour", "1", 0, 10_000, "Color", loose=True),
        _P("nitrate", "nitrat (NO3)", "nitrate", "mg/L", 0, 1000, "NO3", loose=True),
        _P("coliform", "coliform", "coliforms", "/100mL", 0, 1e9, "Coliform", loose=True),
        _P("thermotolerant_coliform", "coliform chịu nhiệt", "thermotolerant coliforms", "/100mL", 0, 1e9, loose=True),
        _P("e_coli", "E. coli", "E. coli", "/100mL", 0, 1e9, "E.coli", loose=True),
        *(
            _P(code, vi, en, "ug/L", 0, 1e6, decimals=2, loose=True)
            for code, vi, en in (
                ("aldrin", "aldrin", "aldrin"), ("bhc", "BHC", "BHC"), ("dieldrin", "dieldrin", "dieldrin"), ("ddt", "DDT", "DDT"),
                ("heptachlor", "heptachlor", "heptachlor"),
            )
        ),
    )
}  # fmt: skip
"""The one list of parameters, by code."""
MEASURED_UNITS = {row.code: row.unit for row in PARAMETERS.values() if row.measured and not row.loose}
"""The unit of each parameter that a station measures and the rules, the screens and the messages know."""


def reckoned(measured: frozenset[str] | set[str]) -> dict[str, str]:
    """What can be reckoned at a station that measures these: code -> unit. What it measures itself is not reckoned.

    >>> reckoned({"river_level"})
    {'river_rise': 'm/h'}
    """
    return {
        code: row.unit
        for code, row in PARAMETERS.items()
        if row.of and code not in measured and all(measured & set(each.split()) for each in row.of)
    }
