"""System relations that Redshift documents and the local engine does not have: each is refused by
its name, and not as if nobody had it.

Source: Amazon Redshift Database Developer Guide, "System tables and views reference".
"""

_NAMES = """
    stl_aggr stl_analyze stl_analyze_compression stl_bcast stl_disk_full_diag stl_dist stl_error stl_file_scan stl_hash
    stl_hashjoin stl_limit stl_load_commits stl_loaderror_detail stl_merge stl_mergejoin stl_mv_state stl_nestloop
    stl_parse stl_project stl_query_metrics stl_querytext stl_replacements stl_restarted_sessions stl_return
    stl_s3client stl_s3client_error stl_save stl_schema_quota_violations stl_sessions stl_sort stl_sshclient_error
    stl_stream_segs stl_undone stl_unique stl_unload_log stl_usage_control stl_userlog stl_window stl_wlm_error
    stl_wlm_rule_action
    stv_cursor_configuration stv_exec_state stv_load_state stv_ml_model_info stv_mv_deps stv_mv_info
    stv_node_storage_capacity stv_query_metrics stv_startup_recovery_state stv_tbl_trans stv_wlm_qmr_config
    stv_wlm_query_queue_state stv_wlm_query_state stv_wlm_query_task_state stv_xrestore_alter_queue_state
    svcs_alert_event_log svcs_compile svcs_concurrency_scaling_usage svcs_explain svcs_plan_info svcs_query_summary
    svcs_s3list svcs_s3log svcs_s3partition_summary svcs_s3query_summary svcs_stream_segs svcs_unload_log
    svl_auto_worker_action svl_compile svl_datashare_change_log svl_datashare_cross_region_usage
    svl_datashare_usage_consumer svl_datashare_usage_producer svl_federated_query svl_multi_statement_violations
    svl_mv_refresh_status svl_qerror svl_qlog svl_query_metrics svl_query_metrics_summary svl_query_queue_info
    svl_query_report svl_restore_alter_table_progress svl_s3list svl_s3log svl_s3partition svl_s3partition_summary
    svl_s3query svl_s3query_summary svl_s3retries svl_spatial_simplify svl_spectrum_scan_error svl_statementtext
    svl_stored_proc_call svl_stored_proc_messages svl_terminate svl_udf_log svl_vacuum_percentage
    svv_alter_table_recommendations svv_copy_job_integrations svv_diskusage svv_geography_columns svv_geometry_columns
    svv_iam_privileges svv_integration svv_integration_table_mapping svv_integration_table_state
    svv_interleaved_columns svv_ml_model_info svv_query_inflight
    svv_restore_table_state svv_vacuum_progress svv_vacuum_summary
    sys_analyze_compression_history sys_analyze_history sys_auto_table_optimization
    sys_copy_job sys_copy_job_detail sys_copy_job_info sys_copy_replacements sys_datashare_change_log
    sys_datashare_cross_region_usage sys_datashare_usage_consumer sys_datashare_usage_producer
    sys_external_query_detail sys_external_query_error sys_integration_activity sys_integration_table_activity
    sys_integration_table_state_change sys_load_detail sys_load_error_detail sys_load_history sys_mv_refresh_history
    sys_mv_state sys_procedure_messages sys_query_detail sys_query_explain sys_restore_log sys_restore_state
    sys_schema_quota_violations sys_serverless_usage sys_spatial_simplify sys_stream_scan_errors
    sys_stream_scan_states sys_udf_log sys_unload_detail sys_unload_history sys_userlog sys_vacuum_history
"""
RELATIONS_NOT_HERE = frozenset(_NAMES.split())
