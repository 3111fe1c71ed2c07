"""Benchmarks: each figure with its baseline beside it in the same run."""
