"""What a draft would have meant for the past: its terms and measures over the records, duties and waves on record."""
