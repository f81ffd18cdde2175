"""Rules of causes.RULES for what a notebook uses and the images do not have: a Python package, a library of Debian's, a jar.

Only well-known packages are named: a package that is named as a module is may be somebody else's.
"""

import re

from spark_cluster.settings import scala_of

from .failure import DRIVER, FUNCTION, NOTEBOOK, SERVER

PYTHON_PACKAGE = (
    "Python's {module} is in the package {package}, which is not installed.\n"
    "%pip install {package} in a cell: the notebook and the workers have it at once. extraPythonPackages puts it into the images"
)
FINDSPARK = (
    "findspark looks for a Spark that Python does not find.\n"
    "Here Python has PySpark: leave findspark out, and begin with from pyspark.sql import SparkSession"
)
LIBRARY = (
    "A Python package needs {library}, which Debian's package {package} brings and pip does not.\n"
    "pulumi config set --path 'extraDebianPackages[0]' {package} (or the next free number), then make up"
)
TABLE_FORMAT = (
    "The images do not have {name} yet.\n"
    "pulumi config set tables {key}, then make up: it adds jars and settings, and makes {name} the format of saveAsTable"
)
PART_OF_SPARK = (
    "{name} is a part of Spark that the images do not have yet.\n"
    "pulumi config set --path 'extraJars[0]' {jar} (or the next free number), then make up. If Maven Central does not have this version, "
    "take the last one before it"
)
S3 = (
    "The images have no client for S3 yet.\n"
    "For a store of the cluster's own: pulumi config set objectStore true. For another: pulumi config set --secret --path s3.accessKey, "
    "the same for s3.secretKey, and s3.endpoint if it is not Amazon's. Then make up"
)
JDBC_URL = (
    "No database driver here takes this URL.\n"
    "PostgreSQL's is there. To add one: pulumi config set --path 'extraJars[0]' group:name:version (or the next free number), with the "
    "driver's coordinates in Maven Central, then make up"
)
DATABASE_DRIVER = (
    "No jar here has {driver}.\n"
    "pulumi config set --path 'extraJars[0]' {jar}:version (or the next free number), with its newest version in Maven Central, then make up"
)

# By their modules: the packages that have another name, and those that have the same.
PYTHON_PACKAGES = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dotenv": "python-dotenv",
    "kafka": "kafka-python",
    "psycopg2": "psycopg2-binary",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    **{
        name: name
        for name in (
            "altair bokeh boto3 catboost duckdb faker folium fsspec geopandas joblib lightgbm lxml mlflow networkx nltk numba openpyxl "
            "optuna plotly polars pymongo pymysql requests s3fs scipy seaborn spacy sqlalchemy statsmodels sympy tensorflow torch "
            "transformers xgboost xlrd"
        ).split()
    },
}
# Debian 12's packages for what common wheels expect of the system.
DEBIAN_PACKAGES = {
    "libGL.so": "libgl1",
    "libglib-2.0.so": "libglib2.0-0",
    "libgthread-2.0.so": "libglib2.0-0",
    "libodbc.so": "unixodbc",
    "libpq.so": "libpq5",
    "libmariadb.so": "libmariadb3",
    "libmagic.so": "libmagic1",
    "libsndfile.so": "libsndfile1",
    "libcairo.so": "libcairo2",
    "libgeos_c.so": "libgeos-c1v5",
    "libgdal.so": "libgdal32",
    "libspatialindex": "libspatialindex-c6",
    "libtesseract.so": "libtesseract5",
    "libX11.so": "libx11-6",
    "libSM.so": "libsm6",
    "libXext.so": "libxext6",
    "libXrender.so": "libxrender1",
}
TABLE_FORMATS = {"delta": "Delta Lake", "iceberg": "Apache Iceberg"}
# By the names of their data sources.
PARTS_OF_SPARK = {"avro": "spark-avro", "kafka": "spark-sql-kafka-0-10"}
DATABASE_DRIVERS = {
    "com.microsoft.sqlserver.jdbc.SQLServerDriver": "com.microsoft.sqlserver:mssql-jdbc",
    "com.mysql.cj.jdbc.Driver": "com.mysql:mysql-connector-j",
    "com.mysql.jdbc.Driver": "com.mysql:mysql-connector-j",
    "oracle.jdbc.OracleDriver": "com.oracle.database.jdbc:ojdbc11",
    "oracle.jdbc.driver.OracleDriver": "com.oracle.database.jdbc:ojdbc11",
    "org.mariadb.jdbc.Driver": "org.mariadb.jdbc:mariadb-java-client",
    "org.sqlite.JDBC": "org.xerial:sqlite-jdbc",
}


def python_package(each, *_):
    missing = re.match(r"No module named '(\w+)'", each.text)
    if not missing or each.where not in (NOTEBOOK, FUNCTION) or each.type.rpartition(".")[2] != "ModuleNotFoundError":
        return None
    module = missing[1]
    if module == "findspark":
        return FINDSPARK
    if module == "delta":
        return TABLE_FORMAT, {"name": TABLE_FORMATS[module], "key": module}
    if module in PYTHON_PACKAGES:
        return PYTHON_PACKAGE, {"module": module, "package": PYTHON_PACKAGES[module]}


def library(each, *_):
    missing = re.search(r"(\S+\.so[.\d]*): cannot open shared object file", each.text)
    if missing and each.where in (NOTEBOOK, FUNCTION) and each.type.rpartition(".")[2] in ("ImportError", "OSError"):
        package = next((name for start, name in DEBIAN_PACKAGES.items() if missing[1].startswith(start)), None)
        if package is not None:
            return LIBRARY, {"library": missing[1], "package": package}


def data_source(each, _, facts):
    missing = re.match(r"(?:\[DATA_SOURCE_NOT_FOUND\] )?Failed to find (?:the )?data source: (\w+)\. ", each.text)
    if not missing or each.where not in (DRIVER, SERVER):
        return None
    name = missing[1].lower()
    if name in TABLE_FORMATS:
        return TABLE_FORMAT, {"name": TABLE_FORMATS[name], "key": name}
    if name in PARTS_OF_SPARK:
        return PART_OF_SPARK, {"name": name, "jar": f"org.apache.spark:{PARTS_OF_SPARK[name]}_{scala_of(facts.spark)}:{facts.spark}"}


def s3_client(each, *_):
    if each.where in (DRIVER, SERVER) and re.search(r'S3AFileSystem not found|^No FileSystem for scheme "s3"', each.text):
        return S3


def database_driver(each, *_):
    if each.where not in (DRIVER, SERVER):
        return None
    if each.text == "No suitable driver" and _raised_in_jdbc(each):
        return JDBC_URL
    if each.type == "java.lang.ClassNotFoundException" and each.text in DATABASE_DRIVERS:
        return DATABASE_DRIVER, {"driver": each.text, "jar": DATABASE_DRIVERS[each.text]}


def _raised_in_jdbc(each):
    return any(".datasources.jdbc." in frame for frame in each.frames[:10])
