"""The module of each analytic of models/catalogue/analytics.py."""

from __future__ import annotations

from models.catalogue.analytics import Analytic
from models.vision.analytics import density, people, water_depth, water_level, water_share, water_state
from models.vision.analytics.looked import Module

MODULES: dict[Analytic, Module] = {
    Analytic.PEOPLE: people,
    Analytic.WATER_SHARE: water_share,
    Analytic.WATER_DEPTH: water_depth,
    Analytic.WATER_LEVEL: water_level,
    Analytic.WATER_STATE: water_state,
    Analytic.DENSITY: density,
}
