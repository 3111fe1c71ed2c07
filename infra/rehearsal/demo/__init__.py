"""The demo: play a day (or real recordings) through the real stack, and account for every message."""
