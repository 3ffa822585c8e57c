"""The parts of the wave report, each from a wave's rules and result to blocks; ``report`` puts them in order."""
