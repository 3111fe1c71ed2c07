"""Measures and trains: bench, measure, faults, training, replay of rules on the past."""
