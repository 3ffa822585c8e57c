"""Stage 1, procedure: a document comes in as text; revisions go out, read, checked, approved and put in force."""
