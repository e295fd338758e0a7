"""What happens by itself: ticks, expirations, leases."""
