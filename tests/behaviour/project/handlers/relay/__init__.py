"""The service that calls the other one."""
