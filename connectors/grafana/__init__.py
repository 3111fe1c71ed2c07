"""Grafana's HTTP API: folder, data source, dashboard."""
