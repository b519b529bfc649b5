"""Turns records into pictures: `anime-style export-records`, started by this file."""

from anime_style_tf.commands.export_records import main
from anime_style_tf.terminal.tool import run_tool

if __name__ == "__main__":
    run_tool(main)
