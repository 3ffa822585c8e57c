"""What every stage stands on and which knows no stage: evidence, files, outbox, calendars, people, customers."""
