-- Suppliers who alone kept an order waiting. Derived from TPC-H query 21.
SELECT s_name, count(*) AS numwait
FROM supplier
JOIN lineitem AS late ON late.l_suppkey = s_suppkey
JOIN orders ON o_orderkey = late.l_orderkey
JOIN nation ON n_nationkey = s_nationkey
WHERE o_orderstatus = 'F'
  AND late.l_receiptdate > late.l_commitdate
  AND EXISTS (
    SELECT 1
    FROM lineitem AS other
    WHERE other.l_orderkey = late.l_orderkey
      AND other.l_suppkey <> late.l_suppkey
  )
  AND NOT EXISTS (
    SELECT 1
    FROM lineitem AS also_late
    WHERE also_late.l_orderkey = late.l_orderkey
      AND also_late.l_suppkey <> late.l_suppkey
      AND also_late.l_receiptdate > also_late.l_commitdate
  )
  AND n_name = 'SAUDI ARABIA'
GROUP BY s_name
ORDER BY numwait DESC, s_name
LIMIT 100
