"""Stage 13, conformity: everything comes in; every clause with its figures and its verdict goes out."""
