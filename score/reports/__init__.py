"""自评报告: one score for all, held against the indicators that were missed and the money that was spent."""
