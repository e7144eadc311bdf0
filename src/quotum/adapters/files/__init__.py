"""Companies and plans as files."""
