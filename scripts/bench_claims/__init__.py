"""How good the claim finder is, by public benchmarks: make bench-claims → docs/benchmarks.md

One module a task, each with `measure(data) -> Iterator[Figure]`, where `data` is the folder of the benchmarks
(`../shared/data`). A set that is not there is left out, and said to be.
"""
