"""What comes late counts as if it had come in time."""
