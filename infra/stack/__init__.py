"""The stack: up, down, supervised."""
