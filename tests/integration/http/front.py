"""The web server in front, by `deploy/nginx/vigie.conf`, with short deadlines and without TLS."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import paths, ports, wait
from tests.support.children import dies_with_us

CONF = paths.ROOT / "deploy" / "nginx" / "vigie.conf"
_MAIN = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    {temporary}
    include {folder}/vigie.conf;
}}
"""
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def written(folder: Path) -> list[Path]:
    """What nginx has left in its folders for what does not fit into memory, and in its logs."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.stat().st_size]
    return [file for file in files if file.suffix not in (".conf", ".pid")]


def _site(port: int, behind: int, folder: Path) -> str:
    """The documented file for `port`, in front of what listens at the port `behind`."""
    text = re.sub(r"^ *(listen \[::\].*|ssl_.*)\n", "", CONF.read_text("utf-8"), flags=re.MULTILINE)
    for found, instead in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("http://127.0.0.1:8001;", f"http://127.0.0.1:{behind};"),
        ("/var/log/nginx/", f"{folder}/"),
        ("client_header_timeout 10s;", "client_header_timeout 1s;"),
        ("client_body_timeout 10s;", "client_body_timeout 1s;"),
    ):
        assert found in text, f"{found} is not in {CONF}"
        text = text.replace(found, instead)
    return text


@contextmanager
def nginx(behind: int, folder: Path) -> Iterator[int]:
    """nginx in front of the server at the port `behind`; gives its own port. Its files lie in `folder`."""
    port = ports.pick({behind})
    folders = [f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY]
    user = "user root;" if os.geteuid() == 0 else ""
    main = _MAIN.format(folder=folder, user=user, temporary=" ".join(folders))
    (folder / "nginx.conf").write_text(main)
    (folder / "vigie.conf").write_text(_site(port, behind, folder))
    command = ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    with subprocess.Popen(command, preexec_fn=dies_with_us) as process:
        try:
            assert wait.until(lambda: process.poll() is not None or ports.answers(port), 20)
            assert process.returncode is None
            yield port
        finally:
            process.terminate()
