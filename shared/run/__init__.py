"""Starts a service: `python -m shared.run intake`. Here and nowhere else the process is made green."""
