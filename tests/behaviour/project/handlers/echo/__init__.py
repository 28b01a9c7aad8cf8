"""The service that echoes."""
