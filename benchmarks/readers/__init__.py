"""What feed readers show of what can happen to a release: `python -m benchmarks.readers [--write]`.

story › programs › table. Each program that this machine has, subscribed to each format that it reads, fetches after
each event; what it then shows is read from its own database. docs/readers.md has the table (`--write`).
"""
