"""Warnings for everybody as the Common Alerting Protocol 1.2 (OASIS) writes them."""
