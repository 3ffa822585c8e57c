"""Pages of records: the registers, the work on one record, and its papers."""
