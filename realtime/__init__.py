"""The realtime server of Interlock."""
