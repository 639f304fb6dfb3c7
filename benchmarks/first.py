"""A first ingest of one large source, through all stages until its feeds are on disk."""

import json
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks import cycle, measure, press


class First(NamedTuple):
    """Releases a processor second, of all stages; of the store, bytes for each byte of what was read."""

    source: str
    releases: int
    rate: float
    store: float
    peak: float  # MiB


def json_feed(items: int = 2_000) -> First:
    """A file that is a JSON Feed."""
    site = "https://presse.talland.example"
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Presse Talland",
            "items": [press.json_item(number, site) for number in range(items)]}  # fmt: skip
    return _measured("JSON Feed", {"feed.json": json.dumps(feed, ensure_ascii=False)}, items)


def markdown(files: int = 1_000) -> First:
    """A folder of Markdown files."""
    return _measured("Markdown", {f"{number:06}.md": press.markdown(number) for number in range(files)}, files)


def _measured(source: str, files: dict[str, str], releases: int) -> First:
    with tempfile.TemporaryDirectory(prefix="syndicate-benchmark-") as name:
        folder = Path(name)
        (folder / "releases").mkdir()
        for file, text in files.items():
            (folder / "releases" / file).write_text(text, encoding="utf-8")
        config = folder / "config.toml"
        config.write_text(cycle.configuration([]) + '\n[[source]]\nid = "releases"\npath = "releases"\n')
        used = measure.run([cycle.SYNDICATE, "--config", config, "run", "--once"])
        pages = sum(1 for _ in (folder / "feeds" / "releases").glob("*.html"))
        if pages != releases:
            raise SystemExit(f"{pages} releases, not {releases}:\n{used.output}")
        raw = sum(len(text.encode()) for text in files.values())
        stored = sum(path.stat().st_size for path in folder.glob("syndicate.db*"))
    return First(source, releases, releases / used.processor, stored / raw, used.peak)


if __name__ == "__main__":
    print(json_feed(), markdown(), sep="\n")
