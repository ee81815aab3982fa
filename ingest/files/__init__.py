"""What a file holds, format by format (.xlsx, .xls, .xlsb, .ods), before anything in it means something."""
