"""Exports a trained run again: `anime-style export`, started by this file."""

from anime_style_tf.commands.export_models import main
from anime_style_tf.terminal.tool import run_tool

if __name__ == "__main__":
    run_tool(main)
