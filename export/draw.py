"""Draws with a run's generator: `anime-style draw`, started by this file."""

from anime_style_tf.commands.draw import main
from anime_style_tf.terminal.tool import run_tool

if __name__ == "__main__":
    run_tool(main)
