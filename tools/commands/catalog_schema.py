"""Prints the tables that the Hive in Spark requires, in its own statements. Runs in JupyterLab's container."""

import glob
import os
import re
import subprocess
import sys
import tempfile
import zipfile

LINK = re.compile(r'(?<=CREATE INDEX )"\w+_N\d+" |CONSTRAINT "\w+_FK\d+" (?=FOREIGN KEY)')
KIND = re.compile(r"^-- +(org\.apache\.hadoop\.hive\.metastore\.model\.M\w+)$", re.MULTILINE)
CONNECTION = re.compile(r"^spark\.hadoop\.javax\.jdo\.option\.(Connection[A-Za-z]* = .*)$", re.MULTILINE)


def statements_of_hive(work: str) -> str:
    """DataNucleus's statements. With -ddlFile, all go to the file and none to the database."""
    with zipfile.ZipFile(glob.glob("/opt/spark/jars/hive-metastore-*.jar")[0]) as jar:
        jar.extract("package.jdo", work)
    with open(os.environ["SPARK_CONF_DIR"] + "/spark-defaults.conf") as file:
        connection = ["datanucleus." + each for each in CONNECTION.findall(file.read())]
    settings = [
        *connection,
        "datanucleus.schema.autoCreateAll=true",
        "datanucleus.identifierFactory=datanucleus1",
        "datanucleus.rdbms.useLegacyNativeValueStrategy=true",
    ]
    with open(work + "/properties", "w") as file:
        file.write("\n".join(settings) + "\n")
    tool = ["java", "-cp", "/opt/spark/jars/*", "org.datanucleus.store.schema.SchemaTool"]
    options = "-create -completeDdl -ddlFile tables.sql -api JDO -props properties package.jdo"
    subprocess.run([*tool, *options.split()], cwd=work, stdout=sys.stderr, check=True)
    with open(work + "/tables.sql") as file:
        return file.read()


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        text = statements_of_hive(work)
    # Its order changes from run to run, and it numbers indexes and foreign keys. So sort the tables by name, put everything that
    # links them at the end, and let PostgreSQL name the links.
    parts = [part.strip() for part in re.sub(r"^--.*\n", "", text, flags=re.MULTILINE).split(";\n")]
    statements = [LINK.sub("", part) for part in parts if part]
    print("-- Written by tools/spark-cluster catalog-schema. SEQUENCE_TABLE counts the keys of new rows, with a row for each kind.")
    for statement in sorted(statements, key=lambda each: (not each.startswith("CREATE TABLE"), each)):
        print(statement + ";")
    print('CREATE TABLE "SEQUENCE_TABLE" ("SEQUENCE_NAME" varchar(255) PRIMARY KEY, "NEXT_VAL" int8 NOT NULL);')
    for kind in sorted(set(KIND.findall(text))):
        print(f"""INSERT INTO "SEQUENCE_TABLE" VALUES ('{kind}', 10);""")


main()
