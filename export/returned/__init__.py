"""退回: a unit's own workbook with every faulty cell coloured and commented, and what is wrong listed in front."""
