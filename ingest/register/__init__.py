"""Many readings made one batch: whose return each table is, which ones count, what was received when."""
