"""What axe finds of barriers in every view, by day and by night."""

import pathlib

import pytest

from tests.tfrecords.browser import wait_for

pytestmark = pytest.mark.slow
AXE = (pathlib.Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
VIEWS = ["map", "sliders", "artists", "corners", "transfer", "answers", "enrolling"]
_RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => done(
  violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)} ${nodes[0].failureSummary}`)));
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_serious_barrier(page, scheme):
    preference = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    page.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", preference)
    page.open()
    page.run(AXE)
    found = {}
    for view in VIEWS:
        page.view(view)
        wait_for(lambda: page.run("return [...document.images].every((one) => one.complete)"))
        violations = page.chrome.execute_async_script(_RUN)
        found |= {view: violations} if violations else {}
    assert found == {}
