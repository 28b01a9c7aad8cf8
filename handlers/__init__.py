"""Handlers of the messenger: one package a service, business code only."""
