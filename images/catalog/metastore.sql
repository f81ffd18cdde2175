-- Hive's tables, and the rows that the first session would insert: two first sessions at the same time would both insert them.
\set warehouse `cat /etc/spark-cluster/warehouse`
SELECT to_regclass('public."VERSION"') IS NULL AS fresh \gset
\if :fresh
  \ir schema.sql
  INSERT INTO "VERSION" ("VER_ID", "SCHEMA_VERSION", "VERSION_COMMENT") VALUES (1, '2.3.0', 'made by spark-cluster');
  INSERT INTO "DBS" ("DB_ID", "NAME", "DB_LOCATION_URI", "OWNER_NAME", "OWNER_TYPE") VALUES (1, 'default', '', 'public', 'ROLE');
  INSERT INTO "ROLES" ("ROLE_ID", "ROLE_NAME", "OWNER_NAME", "CREATE_TIME") VALUES (1, 'admin', 'admin', 0), (2, 'public', 'public', 0);
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO hive;
\endif
-- New tables go to the current warehouse; existing tables keep their own location.
UPDATE "DBS" SET "DB_LOCATION_URI" = :'warehouse' WHERE "NAME" = 'default';
