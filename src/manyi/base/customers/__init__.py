"""The register of customers: who they are, whom to ask there, what they bought."""
