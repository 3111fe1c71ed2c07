"""Faults on purpose: kill -9 under load, then count."""
