"""底稿: one workbook per unit for the audit file: figures used, ties, scores, problems with opinions, lines to sign."""
