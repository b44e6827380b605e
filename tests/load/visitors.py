"""Visitors of a page who come at a steady rate, however long it takes, until SIGTERM.

`python -m tests.load.visitors PORT RATE`. In the end it prints the visits as JSON: the moment at which each
was to begin, its seconds from then on, and its status (0: none yet). Moments are the monotonic clock's, which
all processes share.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time

from tests.load.slow_page import PATH

Visit = tuple[float, float, int]


async def _visit(port: int, due: float, visits: list[Visit]) -> None:
    status = 0
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        status = int((await reader.readline()).split()[1])
        await reader.read()
        writer.close()
    finally:
        visits.append((due, time.monotonic() - due, status))


async def _come(port: int, rate: float, visits: list[Visit]) -> None:
    stopping, start, number = asyncio.Event(), time.monotonic(), 0
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    under_way: set[asyncio.Task[None]] = set()
    while not stopping.is_set():
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        task = asyncio.create_task(_visit(port, due, visits))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        number += 1
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


def main(port: int, rate: float) -> None:
    """Come until told to stop."""
    visits: list[Visit] = []
    asyncio.run(_come(port, rate, visits))
    print(json.dumps(visits))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
