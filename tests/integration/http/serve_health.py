"""A worker's health on the real server, green as in a worker: prints its port, ends at SIGTERM."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

from shared.health import Health  # noqa: E402
from shared.run import health  # noqa: E402

health.SECONDS = health._Request.timeout = 1.5


def ready() -> tuple[bool, dict[str, str]]:
    """Waits as for a broker that is stuck."""
    print("asked", flush=True)
    time.sleep(1)
    return False, {"broker": "away"}


def main(port: int) -> None:
    """Serve until SIGTERM, then stop cleanly."""
    server = health.HealthServer(("127.0.0.1", port), Health(ready))
    server.start()
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    print(server.port, flush=True)
    while not asked:
        time.sleep(0.05)
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
