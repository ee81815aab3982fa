"""Probable causes: which known slip of the pen explains the difference of a broken rule exactly."""
