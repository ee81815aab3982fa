"""What ties the figures of a table that no definition describes, as far as its labels and figures tell."""
