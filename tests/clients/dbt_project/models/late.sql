{{ config(bind=false) }}
select id, upper(name) as name from {{ ref('people') }}
