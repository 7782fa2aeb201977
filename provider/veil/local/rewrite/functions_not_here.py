"""Functions that Redshift documents and the local engine does not have: each is refused by its
name, and not as if nobody had it.

Source: Amazon Redshift Database Developer Guide, "SQL functions reference" (c_SQL_functions).
"""

_NAMES = """
    addbbox array_distinct array_except array_intersection array_union arrays_overlap change_query_priority
    change_session_priority change_user_priority checksum current_session_arn date_part_year db_collation
    decimal_precision decimal_scale default_iam_role difference dropbbox farmfingerprint64 from_hex from_varbyte
    geometrytype get_mounted_role get_number_attributes getbit has_assumerole_privilege hll hll_cardinality
    hll_combine hll_combine_sketches hll_create_sketch is_bigint is_boolean is_char is_decimal is_float
    is_smallint json_serialize_to_varbyte last_user_query_id lower_attribute_names
    mask_get_policy_for_role_on_column mask_get_policy_for_user_on_column murmur3_32_hash next_day
    object_transform octetindex pg_get_cols pg_get_grantee_by_iam_role pg_get_iam_role_by_user
    pg_get_session_roles pg_last_copy_count pg_last_unload_count proc_is_rls_conditionally_safe proc_is_rls_safe
    ratio_to_report reboot_cluster size slice_num soundex st_addpoint st_angle st_area st_asbinary st_asewkb
    st_asewkt st_asgeojson st_ashexewkb st_ashexwkb st_astext st_azimuth st_boundary st_buffer st_centroid
    st_collect st_contains st_containsproperly st_convexhull st_coveredby st_covers st_crosses st_dimension
    st_disjoint st_distance st_distancesphere st_dwithin st_endpoint st_envelope st_equals st_exteriorring
    st_force2d st_force3d st_force3dm st_force3dz st_force4d st_geogfromtext st_geogfromwkb st_geohash
    st_geometryn st_geometrytype st_geomfromewkb st_geomfromewkt st_geomfromgeohash st_geomfromgeojson
    st_geomfromtext st_geomfromwkb st_interiorringn st_intersection st_intersects st_isclosed st_iscollection
    st_isempty st_ispolygonccw st_ispolygoncw st_isring st_issimple st_isvalid st_length st_length2d
    st_lengthsphere st_linefrommultipoint st_lineinterpolatepoint st_m st_makeenvelope st_makeline st_makepoint
    st_makepolygon st_memsize st_mmax st_mmin st_multi st_ndims st_npoints st_nrings st_numgeometries
    st_numinteriorrings st_numpoints st_perimeter st_perimeter2d st_point st_pointn st_points st_polygon
    st_removepoint st_reverse st_setpoint st_setsrid st_simplify st_srid st_startpoint st_touches st_transform
    st_union st_within st_x st_xmax st_xmin st_y st_ymax st_ymin st_z st_zmax st_zmin supportsbbox
    text_to_int_alt text_to_numeric_alt to_varbyte upper_attribute_names
"""
FUNCTIONS_NOT_HERE = frozenset(_NAMES.split())
