"""From frames to rates, scores, grades and alerts."""
