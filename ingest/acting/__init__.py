"""Active content of a file: macros, scripts, links to the outside; recognised by content, not by file name."""
