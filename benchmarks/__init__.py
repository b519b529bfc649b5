"""Questions with their measurements: `python -m benchmarks.NAME --help`.

`README.md` has the answers, `results/` the numbers, `contenders/` what is measured beside the
package. Benchmarks import the package; nothing imports them.
"""
