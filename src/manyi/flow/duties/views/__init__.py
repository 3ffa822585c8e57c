"""The pages of what is owed: one's own work, all of it, the month, one duty, the calendar link."""
