"""Lists of people as they really come, turned into rows: pasted text, CSV and XLSX. Pure, and bounded before work."""
