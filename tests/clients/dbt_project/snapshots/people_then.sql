{% snapshot people_then %}
{{ config(target_schema='by_dbt', unique_key='id', strategy='check', check_cols=['name']) }}
select id, name from {{ ref('people') }}
{% endsnapshot %}
