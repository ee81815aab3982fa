"""The parts of an issued workbook: its sheets, their look, what may be entered, the instructions."""
