"""What happened: events written by operations, sealed into a chain that shows every later change."""
