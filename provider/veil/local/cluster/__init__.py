"""The PostgreSQL server behind the gateway: its programs, its data directory, its process."""
