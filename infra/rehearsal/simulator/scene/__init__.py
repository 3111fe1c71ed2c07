"""Rendered cameras of the commune: a place, its light and weather, and people who walk in it."""
