{{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert', on_schema_change='append_new_columns') }}
select id, name, placed from {{ ref('kept') }}
{% if is_incremental() %} where placed >= (select max(placed) from {{ this }}) {% endif %}
