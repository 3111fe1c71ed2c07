"""Grafana screens as code."""
