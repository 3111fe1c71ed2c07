"""A rule on the past: how often it would have told, how early, how often wrongly."""
