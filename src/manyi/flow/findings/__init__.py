"""Stage 10, findings: a wave's result comes in; what needs attention, with clause and limit, goes out."""
