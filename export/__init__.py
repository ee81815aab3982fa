"""From results to the consolidated workbook, marked-up returns, data files and the review page."""
