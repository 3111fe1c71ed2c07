"""Telegram and the rest, by the package Apprise."""
