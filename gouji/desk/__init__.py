"""The desk: a round in the browser of the same machine, a face of the functions that the commands call."""
