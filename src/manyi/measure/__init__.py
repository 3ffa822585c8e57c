"""The measurement library: formulas with their sources, usable in a notebook. Takes opened tables, knows no clock."""
