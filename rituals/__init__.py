"""The rituals: each file (or folder) is one, with its words, its tables and what it does."""
