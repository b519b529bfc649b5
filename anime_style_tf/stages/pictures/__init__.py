"""Parts of what the stage `explore` draws."""
