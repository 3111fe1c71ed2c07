"""Measurements on real recordings: each module prints the table that stands in figures.md."""
