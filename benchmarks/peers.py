"""What the same work costs others: each a plain program, run as a process of its own.

    python -m benchmarks.peers script ADDRESSES STATE

ADDRESSES: a file with an address a line. STATE: a file that it keeps its knowledge in.

floor       an httpx loop that compares a hash of what came: what any program must do
floor8      the same with eight threads
script      httpx and feedparser, one after the other: what one writes in an afternoon
reader      the package of that name, with ten workers
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

State = dict[str, dict[str, str]]


def floor(addresses: list[str], state: State, threads: int = 1) -> None:
    import httpx  # noqa: PLC0415 - only what a peer needs is its cost

    with httpx.Client() as client, ThreadPoolExecutor(threads) as pool:

        def ask(address: str) -> None:
            known = state.setdefault(address, {})
            answer = client.get(address, headers={"If-None-Match": known["etag"]} if known.get("etag") else {})
            if answer.status_code == 200:
                known.update(etag=answer.headers.get("etag", ""), hash=sha256(answer.content).hexdigest())

        if threads == 1:
            for address in addresses:
                ask(address)
        else:
            [*pool.map(ask, addresses)]


def script(addresses: list[str], state: State) -> None:
    import feedparser  # noqa: PLC0415
    import httpx  # noqa: PLC0415

    with httpx.Client() as client:
        for address in addresses:
            known = state.setdefault(address, {})
            answer = client.get(address, headers={"If-None-Match": known["etag"]} if known.get("etag") else {})
            if answer.status_code != 200:
                continue
            known["etag"] = answer.headers.get("etag", "")
            for entry in feedparser.parse(answer.content, response_headers=dict(answer.headers)).entries:
                known.setdefault(entry.get("id") or entry.get("link", ""), entry.get("title", ""))


def reader(addresses: list[str], path: Path) -> None:
    from reader import make_reader  # noqa: PLC0415

    with make_reader(str(path)) as feeds:
        for address in addresses:
            feeds.add_feed(address, exist_ok=True)
        feeds.update_feeds(scheduled=False, workers=10)


def main() -> None:
    name, listed, kept = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    addresses = listed.read_text().split()
    if name == "reader":
        reader(addresses, kept)
        return
    state: State = json.loads(kept.read_text()) if kept.exists() else {}
    if name == "script":
        script(addresses, state)
    else:
        floor(addresses, state, 8 if name == "floor8" else 1)
    kept.write_text(json.dumps(state))


if __name__ == "__main__":
    main()
