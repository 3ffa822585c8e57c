"""``manyi measure``: one method of the measurement library on one table. No database."""
