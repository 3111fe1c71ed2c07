"""Alerts: identity, levels, routing, words, and how a notification is delivered."""
