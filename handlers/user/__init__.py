"""user_service: profiles on Postgres."""
