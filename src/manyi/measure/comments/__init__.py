"""Written comments in Chinese: words, what divides satisfied from dissatisfied, coding, sentiment, redaction."""
