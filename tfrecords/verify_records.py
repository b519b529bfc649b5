"""Checks a set of records: `anime-style verify`, started by this file."""

from anime_style_tf.commands.verify_records import main
from anime_style_tf.terminal.tool import run_tool

if __name__ == "__main__":
    run_tool(main)
