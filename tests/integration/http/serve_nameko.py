"""A nameko service with an HTTP face, for the tests: prints a line when it serves, stops at SIGTERM."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402
import time  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from werkzeug import Response  # noqa: E402

from shared.web import App, Route, make_app  # noqa: E402
from shared.web.server import HttpServer, Providers  # noqa: E402


class Words(DependencyProvider):  # type: ignore[misc]
    """Another provider of the service, which the application uses."""

    def say(self) -> str:
        """Something to answer."""
        return f"{self.attr_name} of {self.container.service_name}"


def build(providers: Providers) -> App:
    """The application, out of the service's other providers."""
    words = providers["words"]
    return make_app([Route("/words", lambda request: Response(words.say()))])


class Service:
    """Nothing but an HTTP face."""

    name = "intake"
    words = Words()
    http = HttpServer("intake", build)


def main() -> None:
    """Run the container as `shared.run` does, without a broker."""
    container = ServiceContainer(Service, {})
    container.start()
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    print("serving", flush=True)
    while not asked:
        time.sleep(0.05)
    container.stop()
    container.wait()


if __name__ == "__main__":
    main()
