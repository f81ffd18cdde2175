-- The role of sessions from the network, with the current password, and the only database that it may use.
\set password `cat /etc/spark-cluster/catalog-password`
SELECT 'CREATE ROLE hive LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hive') \gexec
ALTER ROLE hive PASSWORD :'password';
SELECT 'CREATE DATABASE catalog' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'catalog') \gexec
