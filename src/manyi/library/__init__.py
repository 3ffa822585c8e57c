"""Data that ships with Manyi: procedures, calendars, fonts."""
