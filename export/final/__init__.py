"""定稿: a unit's accepted workbook as it is printed, stamped and sent up (送审版), and as it is published (公开版)."""
