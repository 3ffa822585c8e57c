"""The clock: what has to happen without anybody asking, and the commands of who keeps an installation."""
