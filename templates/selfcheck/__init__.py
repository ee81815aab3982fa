"""自查: every check of an issued workbook as live formulas, so that a unit sees what does not tie while it types.

The hidden calculation sheet (`ledger.py`) holds one row per cell that a rule reads (`table.py`), per step of its
arithmetic (`arithmetic.py`) and per verdict (`verdicts.py`, `scores.py`), all with the meaning of
`templates.rules.quantity`. `checks.py` says which checks there are; `sheet.py` lists them for people; `marks.py`
colours the faulty cells.
"""
