"""Units, persons and the roles they hold; ``access`` decides what a person may do and see."""
