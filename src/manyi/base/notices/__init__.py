"""Notices: what a person is told in the product, by mail when it suits him, and what a group is told by a robot."""
