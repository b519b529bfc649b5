"""Embeds pictures: `anime-style embed`, started by this file."""

from anime_style_tf.commands.embed import main
from anime_style_tf.terminal.tool import run_tool

if __name__ == "__main__":
    run_tool(main)
