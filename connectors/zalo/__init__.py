"""Zalo template messages."""
