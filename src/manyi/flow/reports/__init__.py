"""Stage 12, reports: a wave's result comes in; a report as Word, PDF and workbook of figures goes out."""
