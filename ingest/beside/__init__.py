"""What is read beside the returns: opinions, 说明, last year's results, the bureau's own table, 表样对照."""
