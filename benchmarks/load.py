"""One request again and again, on some connections at once: for where `wrk` is not installed.

    python -m benchmarks.load PORT PATH CONNECTIONS SECONDS LENGTH [HEADER…]

LENGTH is that of an answer, head and body; all of them have the same. It reads bytes and nothing else, so that it
needs little beside the server, in a process of its own. The last line that it prints is the number of answers.
"""

import selectors
import socket
import sys
import time
from dataclasses import dataclass

_TOGETHER = 2**18  # bytes read at once


@dataclass
class Connection:
    socket: socket.socket
    missing: int


def answers(port: int, request: bytes, connections: int, seconds: float, length: int) -> int:
    selector, buffer, count = selectors.DefaultSelector(), memoryview(bytearray(_TOGETHER)), 0
    for _ in range(connections):
        made = Connection(socket.create_connection(("127.0.0.1", port), timeout=10), length)
        made.socket.sendall(request)
        made.socket.setblocking(False)
        selector.register(made.socket, selectors.EVENT_READ, made)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select(1):
            connection: Connection = key.data
            read = connection.socket.recv_into(buffer)
            connection.missing -= read
            if not read or connection.missing < 0:
                raise SystemExit("an answer was another one than the first")
            if not connection.missing:
                connection.missing = length
                count += 1
                connection.socket.send(request)
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    return count


def request_for(path: str, headers: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in (f"GET {path} HTTP/1.1", "Host: x", *headers, "")).encode()


if __name__ == "__main__":
    port, path, connections, seconds, length, *headers = sys.argv[1:]
    print(answers(int(port), request_for(path, headers), int(connections), float(seconds), int(length)))
