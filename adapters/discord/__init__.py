"""Discord: how a movement that lives on a Discord server meets Drumbeat."""
