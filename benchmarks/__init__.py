"""What it costs, beside peers, on this machine."""
