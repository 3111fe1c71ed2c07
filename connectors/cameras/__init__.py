"""Cameras: how their pictures come in, and how they are opened again."""
