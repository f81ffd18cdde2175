#!/usr/bin/env bash
# catalog-schema.sh STACK: prints images/catalog/schema.sql: the tables that Spark's Hive requires, in the statements of that
# Hive. The stack has to run with catalog: shared.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

enter "$1"
ide=$(container_of jupyterlab)
"${client[@]}" exec --interactive "$ide" bash -s << 'INSIDE'
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m zipfile --extract "$(ls /opt/spark/jars/hive-metastore-*.jar)" .
sed -n 's/^spark\.hadoop\.javax\.jdo\.option\.\(Connection[A-Za-z]* = \)/datanucleus.\1/p' "$SPARK_CONF_DIR/spark-defaults.conf" > properties
printf '%s\n' datanucleus.schema.autoCreateAll=true datanucleus.identifierFactory=datanucleus1 \
    datanucleus.rdbms.useLegacyNativeValueStrategy=true >> properties
# With -ddlFile, all statements go to the file and none to the database.
java -cp '/opt/spark/jars/*' org.datanucleus.store.schema.SchemaTool \
    -create -completeDdl -ddlFile tables.sql -api JDO -props properties package.jdo >&2

# Its order changes from run to run, and it numbers indexes and foreign keys. So sort the tables by name, put everything that
# links them at the end, and let PostgreSQL name the links.
python3 - << 'PYTHON'
import re

text = open("tables.sql").read()
kinds = sorted(set(re.findall(r"^-- +(org\.apache\.hadoop\.hive\.metastore\.model\.M\w+)$", text, re.MULTILINE)))
statements = [part.strip() for part in re.sub(r"^--.*\n", "", text, flags=re.MULTILINE).split(";\n")]
statements = [re.sub(r'(?<=CREATE INDEX )"\w+_N\d+" |CONSTRAINT "\w+_FK\d+" (?=FOREIGN KEY)', "", each) for each in statements]
print("-- Written by tools/catalog-schema.sh. SEQUENCE_TABLE counts the keys of new rows, with a row for each kind.")
for statement in sorted(filter(None, statements), key=lambda each: (not each.startswith("CREATE TABLE"), each)):
    print(statement + ";")
print('CREATE TABLE "SEQUENCE_TABLE" ("SEQUENCE_NAME" varchar(255) PRIMARY KEY, "NEXT_VAL" int8 NOT NULL);')
for kind in kinds:
    print(f"""INSERT INTO "SEQUENCE_TABLE" VALUES ('{kind}', 10);""")
PYTHON
INSIDE
