{{ config(materialized='table', dist='id', sort=['placed'], grants={'select': []}) }}
select id, name, placed, count(*) over () as people from {{ ref('names') }}
