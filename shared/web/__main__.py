"""Serve one service's pages until SIGTERM: `python -m shared.web intake`."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module

from shared import logs, settings
from shared.web import serving


def main(service: str) -> None:
    """Serve `services.<service>.web`, and return when it has been told to stop and has finished."""
    name = f"{service}-web"
    logs.configure(name)
    own = settings.web_settings(service)
    create_app = import_module(f"services.{service}.web.app").create_app
    serving.serve(partial(create_app, own), own.listen, name)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: python -m shared.web {'|'.join(settings.WEBS)}")
    try:
        main(sys.argv[1])
    except settings.SettingMissing as missing:
        sys.exit(str(missing))
