"""PostgreSQL's configuration for the engine."""

from __future__ import annotations

# Redshift's own session parameters, with their defaults. PostgreSQL knows none of them, so they
# live under `veil.`.
REDSHIFT_PARAMETERS = {
    "analyze_threshold_percent": "10",
    "cast_super_null_on_error": "true",
    "datashare_break_glass_session_var": "",
    "default_array_search_null_handling": "true",
    "describe_field_name_in_uppercase": "off",
    "downcase_delimited_identifier": "on",
    "downcast_delimited_varchar_to_bigint": "false",
    "enable_case_sensitive_identifier": "false",
    "enable_case_sensitive_super_attribute": "false",
    "enable_numeric_rounding": "on",
    "enable_result_cache_for_session": "on",
    "enable_vacuum_boost": "false",
    "error_on_nondeterministic_update": "false",
    "json_serialization_enable": "false",
    "json_serialization_parse_nested_strings": "false",
    "max_concurrency_scaling_clusters": "1",
    "max_cursor_result_set_size": "0",
    "metadata_security": "false",
    "mv_enable_aqmv_for_session": "true",
    "navigate_super_null_on_error": "true",
    "parse_super_null_on_error": "false",
    "pg_federation_repeatable_read": "true",
    "query_group": "unset",
    "spectrum_query_maxerror": "-1",
    "stored_proc_log_min_messages": "LOG",
    "use_fips_ssl": "false",
    "wlm_query_slot_count": "1",
}

# fsync and its kin: what a crash of the machine loses is a development database.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "client_connection_check_interval": "1s",  # a statement that waits for the gateway ends with its client
    "deadlock_timeout": "50ms",  # few sessions, so that looking for one costs nothing; PostgreSQL's own second does
    "shared_buffers": "64MB",
    "huge_pages": "off",
    "io_method": "sync",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "password_encryption": "md5",
    "md5_password_warnings": "off",
    "standard_conforming_strings": "off",
    "escape_string_warning": "off",
    "backslash_quote": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "ISO, MDY",
    "lc_messages": "C",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",  # a failing CREATE USER would put its password into the log
    "allow_alter_system": "off",
}

AUTHENTICATION = "local all all md5\n"


def configuration() -> str:
    """The text that is added to `postgresql.conf`."""
    values = _SETTINGS | {f"veil.{name}": value for name, value in REDSHIFT_PARAMETERS.items()}
    return "".join(f"{name} = '{value}'\n" for name, value in values.items())
