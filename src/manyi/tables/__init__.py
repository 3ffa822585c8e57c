"""Files from outside (xlsx, csv, parquet) into checked tables; every fault with table, row and column."""
