"""评分表: every indicator of every return, recomputed where figures allow it, range-checked where not."""
