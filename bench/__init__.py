"""Ratios of speed and memory, measured in one run on the same files."""

import gouji as gouji  # before pandas loads Arrow: gouji says where Arrow takes its memory from
