"""Serve one service's pages until SIGTERM: `python -m shared.web intake`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from shared import logs, settings
from shared.web import serving


def main(service: str) -> None:
    """Serve `services.<service>.web`, and return when it has been told to stop and has finished."""
    name = f"{service}-web"
    logs.configure(name)
    own = settings.web_settings(service)
    create_app = import_module(f"services.{service}.web.app").create_app
    serving.serve(partial(_behind, own.proxies, partial(create_app, own)), own.listen, name)


def _behind(proxies: int, make: Callable[[], Flask]) -> Flask:
    """The application, which takes its clients' addresses, and nothing else, from so many proxies."""
    app = make()
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return app


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: python -m shared.web {'|'.join(settings.WEBS)}")
    try:
        main(sys.argv[1])
    except settings.SettingMissing as missing:
        sys.exit(str(missing))
