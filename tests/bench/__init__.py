"""`make bench`: the figures of docs/benchmarks.md, measured in one run on the demo's own processes."""
