"""Converts artworks to TFRecords: `anime-style convert`, started by this file."""

from anime_style_tf.commands.convert import main
from anime_style_tf.terminal.tool import run_tool

if __name__ == "__main__":
    run_tool(main)
