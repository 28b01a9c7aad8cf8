"""The laptop stack: databases, broker, host and services of one project, started together and stopped together."""
