"""What citizens see of intake in a browser."""
