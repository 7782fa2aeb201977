select id, name, placed from {{ ref('people') }}
