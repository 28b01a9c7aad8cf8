"""The service that fails."""
