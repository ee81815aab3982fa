"""审核报告.html: the results of a run as one page that needs no network."""
