"""Readings of the stations: what they are, when they count, what they mean."""
