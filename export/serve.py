"""Serves exported models: `anime-style serve`, started by this file."""

from anime_style_tf.commands.serve import main
from anime_style_tf.terminal.tool import run_tool

if __name__ == "__main__":
    run_tool(main)
