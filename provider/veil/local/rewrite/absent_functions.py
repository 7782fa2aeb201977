"""Functions that PostgreSQL has and Redshift has not: what it excludes by name, and what came after
8.1 and no page documents.

Those that nobody could call without a type that Redshift has not either, as of an index or of a
type's own, are not among them.

Source: Amazon Redshift Database Developer Guide, "Unsupported PostgreSQL functions"
(c_unsupported-postgresql-functions) and "SQL functions reference"; the functions of PostgreSQL 8.1
and of the server that runs here, compared by name.
"""

from __future__ import annotations

_NAMES = """
    acldefault aclexplode acosd acosh amvalidate array_agg array_fill array_length array_ndims array_remove
    array_replace array_reverse array_sample array_shuffle array_to_json array_to_tsvector asind asinh atan2d atand
    atanh bit_count bit_length bit_xor bittypmodin bpchartypmodin brin_desummarize_range brin_summarize_new_values
    brin_summarize_range cardinality casefold clock_timestamp concat_ws convert_from convert_to corr cosd cosh cotd
    covar_pop covar_samp crc32c current_query date_bin date_subtract datemultirange daterange daterange_canonical
    daterange_subdiff div encode enum_first enum_last enum_range erf erfc every format gamma gcd gen_random_uuid
    generate_subscripts get_current_ts_config gin_clean_pending_list has_any_column_privilege has_column_privilege
    has_foreign_data_wrapper_privilege has_largeobject_privilege has_parameter_privilege has_sequence_privilege
    has_server_privilege has_type_privilege icu_unicode_version inet_client_addr inet_client_port inet_server_addr
    inet_server_port int4multirange int4range int4range_canonical int4range_subdiff int8multirange int8range
    int8range_canonical int8range_subdiff intervaltypmodin is_normalized isempty json_agg json_agg_strict
    json_array_elements json_array_elements_text json_build_array json_build_object json_each json_each_text
    json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict json_object_keys
    json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_to_tsvector
    jsonb_agg jsonb_agg_strict jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
    jsonb_build_object jsonb_each jsonb_each_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict
    jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz
    jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz
    jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record
    jsonb_populate_record_valid jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls
    jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval
    lcm lgamma lower_inc lower_inf macaddr8 macaddr8_set7bit make_date make_interval make_time make_timestamp
    make_timestamptz min_scale multirange mxid_age nameconcatoid normalize num_nonnulls num_nulls numeric_div_trunc
    numerictypmodin nummultirange numnode numrange numrange_subdiff overlay parse_ident pg_advisory_lock
    pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared
    pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_available_extension_versions pg_available_extensions
    pg_available_wal_summaries pg_basetype pg_blocking_pids pg_clear_attribute_stats pg_clear_relation_stats
    pg_collation_actual_version pg_collation_for pg_collation_is_visible pg_column_compression
    pg_column_is_updatable pg_column_toast_chunk_id pg_conf_load_time pg_control_checkpoint pg_control_init
    pg_control_recovery pg_control_system pg_copy_logical_replication_slot pg_copy_physical_replication_slot
    pg_create_logical_replication_slot pg_create_physical_replication_slot pg_current_snapshot
    pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn pg_current_xact_id
    pg_current_xact_id_if_assigned pg_cursor pg_database_collation_actual_version pg_describe_object
    pg_drop_replication_slot pg_encoding_max_length pg_event_trigger_ddl_commands pg_event_trigger_dropped_objects
    pg_event_trigger_table_rewrite_oid pg_event_trigger_table_rewrite_reason pg_export_snapshot
    pg_extension_config_dump pg_extension_update_paths pg_filenode_relation pg_get_acl pg_get_catalog_foreign_keys
    pg_get_function_arg_default pg_get_function_arguments pg_get_function_identity_arguments pg_get_function_result
    pg_get_function_sqlbody pg_get_functiondef pg_get_keywords pg_get_loaded_modules pg_get_multixact_members
    pg_get_object_address pg_get_partition_constraintdef pg_get_partkeydef pg_get_publication_tables
    pg_get_replica_identity_index pg_get_replication_slots pg_get_sequence_data pg_get_statisticsobjdef
    pg_get_statisticsobjdef_columns pg_get_statisticsobjdef_expressions pg_get_wait_events
    pg_get_wal_replay_pause_state pg_get_wal_resource_managers pg_get_wal_summarizer_state pg_identify_object
    pg_identify_object_as_address pg_import_system_collations pg_index_column_has_property pg_index_has_property
    pg_indexam_has_property pg_indexam_progress_phasename pg_indexes_size pg_input_error_info pg_input_is_valid
    pg_is_in_recovery pg_is_other_temp_schema pg_is_wal_replay_paused pg_isolation_test_session_is_blocked
    pg_jit_available pg_last_committed_xact pg_last_wal_receive_lsn pg_last_wal_replay_lsn
    pg_last_xact_replay_timestamp pg_listening_channels pg_logical_slot_get_binary_changes
    pg_logical_slot_get_changes pg_logical_slot_peek_binary_changes pg_logical_slot_peek_changes pg_lsn
    pg_mcv_list_items pg_my_temp_schema pg_nextoid pg_notification_queue_usage pg_numa_available
    pg_opfamily_is_visible pg_options_to_table pg_partition_ancestors pg_partition_root pg_partition_tree
    pg_postmaster_start_time pg_prepared_statement pg_relation_filenode pg_relation_filepath
    pg_relation_is_publishable pg_relation_is_updatable pg_replication_slot_advance pg_restore_attribute_stats
    pg_restore_relation_stats pg_safe_snapshot_blocking_pids pg_sequence_last_value pg_sequence_parameters
    pg_settings_get_flags pg_size_bytes pg_sleep pg_sleep_for pg_sleep_until pg_split_walfile_name
    pg_stat_force_next_flush pg_statistics_obj_is_visible pg_stop_making_pinned_objects pg_sync_replication_slots
    pg_table_size pg_tablespace_location pg_timezone pg_timezone_abbrevs_abbrevs pg_timezone_abbrevs_zone
    pg_timezone_names pg_trigger_depth pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
    pg_try_advisory_xact_lock_shared pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible
    pg_ts_template_is_visible pg_typeof pg_visible_in_snapshot pg_wal_lsn_diff pg_wal_summary_contents
    pg_walfile_name pg_walfile_name_offset pg_xact_commit_timestamp pg_xact_commit_timestamp_origin pg_xact_status
    phraseto_tsquery plainto_tsquery postgresql_fdw_validator querytree quote_nullable random_normal range_agg
    range_intersect_agg range_merge regexp_like regexp_match regexp_matches regexp_split_to_array
    regexp_split_to_table regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
    regr_syy row_security_active row_to_json satisfies_hash_partition scale setseed setweight sha224 sha256 sha384
    sha512 shobj_description similar_to_escape sind sinh statement_timestamp string_agg string_to_table strip
    system_user tand tanh timestamptypmodin timestamptztypmodin timetypmodin timetztypmodin to_bin to_json to_jsonb
    to_oct to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure
    to_regrole to_regtype to_regtypemod to_tsquery to_tsvector transaction_timestamp trim_array trim_scale ts_debug
    ts_delete ts_filter ts_headline ts_lexize ts_parse ts_rank ts_rank_cd ts_token_type tsmultirange tsquery_phrase
    tsrange tsrange_subdiff tstzmultirange tstzrange tstzrange_subdiff tsvector_to_array txid_current
    txid_current_if_assigned txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin
    txid_status txid_visible_in_snapshot unicode_assigned unicode_version unistr unnest upper_inc upper_inf
    uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7 varbittypmodin varchartypmodin websearch_to_tsquery
    width_bucket xml_agg xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlagg xmlcomment
    xmlexists xmltext xmlvalidate xpath xpath_exists
"""
ABSENT_FUNCTIONS = frozenset(_NAMES.split())
