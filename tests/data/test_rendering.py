import subprocess
import sys

from anime_style_tf.data.rendering import render_all
from tests.data.drawings import Drawings

FAULTS = {("ann", 3): "damaged", ("ann", 20): "crash", ("ann", 21): "damaged"}


def names(rendered):
    return [item.artwork.reference for item in rendered]


def test_works_come_in_order_at_any_number_of_processes():
    source = Drawings({"ann": 40})
    one = list(render_all(source.artworks(), image_size=4, workers=1))
    two = list(render_all(source.artworks(), image_size=4, workers=2))
    assert names(one) == [f"ann no. {number}" for number in range(40)]
    assert one == two


def test_damaged_works_and_those_that_kill_their_process_are_named_and_the_rest_goes_on():
    source = Drawings({"ann": 36}, FAULTS)
    rendered = list(render_all(source.artworks(), image_size=4, workers=2))
    assert len(rendered) == 36
    reasons = {item.artwork.number: item.reason for item in rendered if item.reason}
    assert reasons == {
        3: "scribbled over",
        20: "the rendering process crashed on it",
        21: "scribbled over",
    }


def test_rendering_processes_start_without_tensorflow():
    script = (
        "import sys; import anime_style_tf.data.rendering, anime_style_tf.data.sources; "
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
