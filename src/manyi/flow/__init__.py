"""The procedure, stage by stage. The import order is the order of the work: see ``manyi.stages``."""
