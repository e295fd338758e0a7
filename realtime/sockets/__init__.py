"""Socket.IO: the same use cases for events."""
