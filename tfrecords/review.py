"""Makes a page on which to reject portraits: `anime-style review`, started by this file."""

from anime_style_tf.commands.review import candidates, main
from anime_style_tf.terminal.tool import run_tool

__all__ = ["candidates", "main"]

if __name__ == "__main__":
    run_tool(main)
