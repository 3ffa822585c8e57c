"""Stage 7, responses: a customer's answers come in, once and for good; sheets go out."""
