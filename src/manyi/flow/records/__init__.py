"""Stage 9, records: a kind of record in force and an occasion come in; numbered records with their history go out."""
