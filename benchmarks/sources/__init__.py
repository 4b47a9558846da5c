"""From data to problems: the published files, those that ship, and the user's own."""
