"""Room ``calendars``: when a unit works; editable rows, filled from the shipped data, asked by every clock."""
