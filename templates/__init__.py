"""What a form is: its definition, its items and their cells, its rules, the issued workbook."""
