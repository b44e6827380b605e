"""The S3 server: rclone, serving a folder of ours."""

from __future__ import annotations

import os
from functools import partial

from deploy.local import home, ports, process
from deploy.local.paths import VENV

NAME = "objects"
BUCKET = "vigie"
KEY = "vigie"


def url(port: int, secret: str, bucket: str = BUCKET) -> str:
    return f"http://{KEY}:{secret}@127.0.0.1:{port}/{bucket}"


def start(port: int, secret: str) -> None:
    """Start the server with one key pair and its bucket, a folder, and return when it answers."""
    folder = home.owned(NAME, None)
    (folder / BUCKET).mkdir(exist_ok=True)
    argv = [str(VENV / "bin" / "rclone"), "serve", "s3", "--addr", f"127.0.0.1:{port}", str(folder)]
    # in the environment, since any user of the machine can read a command line
    env = {"PATH": os.environ["PATH"], "RCLONE_AUTH_KEY": f'"{KEY},{secret}"', "RCLONE_CONFIG": os.devnull}
    program = process.Program(NAME, argv, env, folder=folder, executable="rclone")
    process.ensure(program, f"the S3 server on port {port}", partial(ports.answers, port))


def stop() -> bool:
    return process.stop(process.Program(NAME, [], patience=10))
