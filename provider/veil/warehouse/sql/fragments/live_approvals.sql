-- live_approvals(): the approvals that admit, expired ones among them: those with the seal of approve_request that no apply ended.
SELECT
    a.immuta__userid AS immuta__userid,
    a.source AS source,
    a.expires_at AS expires_at
FROM {system}.approval AS a
CROSS JOIN (
    {{sealing_salt()}}
) AS k
LEFT JOIN {system}.request_end AS x
    ON x.immuta__userid = a.immuta__userid AND x.source = a.source AND x.ended_at >= a.approved_at
WHERE
    x.source IS NULL
    AND a.seal = {{approval_seal(k.salt, a.immuta__userid, a.source, a.approver, a.approved_at, a.expires_at)}}
