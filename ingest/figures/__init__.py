"""What is typed into a cell, made an exact figure: numbers, units of money, targets and what became of them, days."""
