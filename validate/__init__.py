"""From frames to residuals, verdicts and findings."""
