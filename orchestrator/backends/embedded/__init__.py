"""The weights that come with the project, with their cards and digests."""
