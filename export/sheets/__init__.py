"""The sheets of the consolidated workbook, one module each."""
