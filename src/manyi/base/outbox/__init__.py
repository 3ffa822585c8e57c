"""What leaves the house: mails written in the operation's transaction and sent by the jobs, at least once."""
