"""The module of each analytic of models/catalogue/analytics.py."""

from __future__ import annotations

from models.catalogue.analytics import Analytic
from models.vision.analytics import people
from models.vision.analytics.looked import Module

MODULES: dict[Analytic, Module] = {
    Analytic.PEOPLE: people,
}
