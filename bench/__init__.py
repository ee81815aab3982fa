"""Ratios of speed and memory, measured in one run on the same files."""
