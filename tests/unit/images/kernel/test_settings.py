import os
import pathlib
import tempfile
import types
import unittest
from unittest import mock

from spark_cluster import defaults, driver, environment, given, settings

CLUSTER = {
    "spark.master": "spark://spark-master:7077",
    "spark.driver.host": "jupyterlab",
    "spark.driver.bindAddress": "0.0.0.0",
    "spark.executor.cores": "1",
    "spark.executor.memory": "512m",
    "spark.cores.max": "2",
    "spark.eventLog.dir": "file:///opt/workspace/.spark-cluster/event-log",
}
# Two workers with room for two sessions.
WORKERS = [{"cores": 2, "memory": 1024}, {"cores": 2, "memory": 1024}]


def checked(given, workers=WORKERS, cluster=CLUSTER, **how):
    how.setdefault("is_own", lambda host: host not in ("localhost", "127.0.0.1", "laptop"))
    found = settings.Settings(given, cluster, lambda: workers, **how).check()
    return found.changes, found.remarks


class Silent(unittest.TestCase):
    def test_what_works_is_not_commented_and_the_master_is_not_asked(self):
        def ask():
            self.fail("the master was asked")

        for given in (
            {"spark.master": CLUSTER["spark.master"], "spark.executor.memory": "512m", "spark.driver.memory": "2g"},
            {"spark.executor.memory": "0.5g"},
            {"spark.executor.memory": "400m", "spark.cores.max": "1"},
            {"spark.sql.shuffle.partitions": "4", "spark.serializer": "x", "spark.executorEnv.A": "b", "spark.myapp.x": "1"},
            {"spark.jars.packages": "a:b:1", "spark.driver.port": "7001", "spark.ui.port": "4040", "spark.driver.host": "172.18.0.3"},
            {"spark.driver.bindAddress": "0.0.0.0"},
            {"spark.dynamicAllocation.enabled": "true", "spark.dynamicAllocation.maxExecutors": "2"},
            {"spark.memory.offHeap.enabled": "true", "spark.submit.deployMode": "client"},
        ):
            found = settings.Settings(given, CLUSTER, ask, lambda host: True).check()
            self.assertEqual((given, {}, []), (given, found.changes, found.remarks))


class Java(unittest.TestCase):
    def test_a_jar_for_another_scala_is_named(self):
        given = {"spark.jars.packages": "org.apache.spark:spark-sql-kafka-0-10_2.12:3.5.1, a:b_2.13:1,c:d:0.8.3-spark3.5-s_2.12,e:f:2.12.1,g:h_2.12.1"}
        remarks = checked(given)[1]
        self.assertEqual(["org.apache.spark:spark-sql-kafka-0-10_2.12:3.5.1", "c:d:0.8.3-spark3.5-s_2.12"], [each.split()[1] for each in remarks])
        self.assertIn("is for Scala 2.12. This Spark has Scala 2.13", remarks[0])
        self.assertEqual(1, len(checked(given, scala="2.12")[1]))
        self.assertEqual(1, len(checked({"spark.jars": "/opt/workspace/graphframes_2.12-0.9.jar", "spark.master": "local"})[1]) - 1)

    def test_a_driver_that_its_container_cannot_hold_is_named(self):
        self.assertEqual([], checked({"spark.driver.memory": "4g"}, room=4480)[1])
        self.assertEqual([], checked({"spark.driver.memory": "64g"})[1])
        self.assertEqual([], checked({"spark.driver.memory": "lots"}, room=4480)[1])
        [remark] = checked({"spark.driver.memory": "16g"}, room=4480)[1]
        self.assertIn("spark.driver.memory=16g: JupyterLab's container has 4480m for all notebooks", remark)
        [remark] = checked({"spark.driver.memory": "16g"}, room=4480, java_runs=True)[1]
        self.assertIn("has no effect", remark)


class Sql(unittest.TestCase):
    def test_the_clusters_extensions_stay(self):
        cluster = {**CLUSTER, "spark.sql.extensions": "io.delta.A"}
        self.assertEqual({"spark.sql.extensions": "io.delta.A,b.C"}, checked({"spark.sql.extensions": "b.C, io.delta.A"}, cluster=cluster)[0])
        self.assertEqual({}, checked({"spark.sql.extensions": "b.C"})[0])

    def test_another_warehouse_is_explained_where_the_catalog_has_one(self):
        given = {"spark.sql.warehouse.dir": "/opt/workspace/mine"}
        self.assertEqual([], checked(given)[1])
        cluster = {**CLUSTER, "spark.sql.catalogImplementation": "hive", "spark.sql.warehouse.dir": "file:///opt/workspace/spark-warehouse"}
        self.assertIn("default is at file:///opt/workspace/spark-warehouse", checked(given, cluster=cluster)[1][0])


class Size(unittest.TestCase):
    def test_instances_become_cores_and_are_left_to_dynamic_allocation(self):
        self.assertEqual(({"spark.cores.max": "1"}, []), checked({"spark.executor.instances": "1"}))
        self.assertEqual(({}, []), checked({"spark.executor.instances": "1", "spark.dynamicAllocation.enabled": "true"}))
        cluster = {**CLUSTER, "spark.executor.cores": "2", "spark.cores.max": "4"}
        self.assertEqual({"spark.cores.max": "2"}, checked({"spark.executor.instances": "1"}, cluster=cluster)[0])
        changes, [remark] = checked({"spark.executor.instances": "1", "spark.cores.max": "2"}, cluster={})
        self.assertEqual({}, changes)
        self.assertIn("spark.executor.instances has no effect next to spark.cores.max=2", remark)

    def test_a_heap_in_which_no_executor_starts_is_raised(self):
        remark = "spark.executor.memory=450m: an executor needs 480m to start, and gets that."
        cluster = {**CLUSTER, "spark.executor.defaultJavaOptions": "-XX:+NeverActAsServerClassMachine"}
        raised = {"spark.executor.memory": "480m"}, [remark]
        self.assertEqual(raised, checked({"spark.executor.memory": "450m"}, cluster=cluster))
        self.assertEqual(({}, []), checked({"spark.executor.memory": "450m"}))

    def test_off_heap_memory_that_the_cluster_does_not_reserve(self):
        on, size = {"spark.memory.offHeap.enabled": "true"}, "spark.memory.offHeap.size"
        cluster = {**CLUSTER, **on, size: "1g"}
        for more in ("1025m", str(1025 * 1024 * 1024), "2g"):
            self.assertIn("the cluster reserves 1024m for each executor", checked({size: more}, cluster=cluster)[1][0])
        self.assertEqual([], checked({size: "1g"}, cluster=cluster)[1] + checked({size: "1073741824"}, cluster=cluster)[1])
        self.assertIn("the cluster reserves 0m", checked({**on, size: "1m"})[1][0])
        self.assertEqual({"spark.memory.offHeap.enabled": "false"}, checked({"spark.master": "local[*]"}, cluster=cluster)[0])
        self.assertIn("no effect without spark.memory.offHeap.enabled", checked({size: "1m"})[1][0])

    def test_more_executors_than_there_is_room_for(self):
        changes, [remark] = checked({"spark.executor.instances": "9"})
        self.assertEqual({"spark.cores.max": "9"}, changes)
        self.assertIn("spark.executor.instances=9: the cluster has room for 4 executors of 1 core and 512m", remark)

    def test_more_cores_than_a_share(self):
        [remark] = checked({"spark.cores.max": "64"})[1]
        self.assertIn("spark.cores.max=64: this session takes up to 4 of the cluster's 4 cores", remark)
        self.assertIn("A session's share is 2", remark)
        self.assertIn("takes up to 3 of", checked({"spark.executor.instances": "3"})[1][0])

    def test_where_a_session_is_all_there_is(self):
        [remark] = checked({"spark.cores.max": "64"}, workers=[{"cores": 1, "memory": 512}] * 2)[1]
        self.assertEqual("spark.cores.max=64: the cluster has 2 cores.", remark)

    def test_a_swarms_share_follows_from_its_workers(self):
        cluster = {name: value for name, value in CLUSTER.items() if name != "spark.cores.max"}
        self.assertEqual([], checked({"spark.cores.max": "2"}, cluster=cluster)[1])
        self.assertIn("A session's share is 2", checked({"spark.cores.max": "3"}, cluster=cluster)[1][0])

    def test_an_executor_that_no_worker_can_hold(self):
        for given in ({"spark.executor.memory": "8g"}, {"spark.executor.cores": "4"}):
            [remark] = checked(given)[1]
            self.assertIn("no worker can hold", remark)
            self.assertIn("The largest has 2 cores and 1024m", remark)

    def test_larger_executors_keep_their_number(self):
        changes, [remark] = checked({"spark.executor.cores": "2"})
        self.assertEqual({"spark.cores.max": "4"}, changes)
        self.assertIn("spark.executor.cores=2: this session takes up to 4 of the cluster's 4 cores", remark)
        [remark] = checked({"spark.executor.memory": "1g"})[1]
        self.assertIn("takes the memory of several", remark)

    def test_a_master_that_does_not_answer_and_numbers_that_spark_refuses(self):
        self.assertEqual([], checked({"spark.cores.max": "64"}, workers=None)[1])
        self.assertEqual([], checked({"spark.executor.instances": "many"})[1])

    def test_sizes_are_read_as_spark_reads_them(self):
        self.assertEqual(
            [512, 512, 1024, 1024, 1, 2097152], [settings.mebibytes(each) for each in ("512m", "512", "1G", "1gb", "10k", "2t")]
        )


class LeftOut(unittest.TestCase):
    def test_a_driver_that_executors_cannot_reach(self):
        changes, remarks = checked({"spark.driver.host": "localhost", "spark.driver.bindAddress": "127.0.0.1"})
        self.assertEqual({"spark.driver.host": None, "spark.driver.bindAddress": None}, changes)
        self.assertIn("spark.driver.host=localhost is left out: executors could not reach", remarks[0])
        self.assertIn("The cluster sets jupyterlab", remarks[0])
        self.assertEqual({"spark.driver.host": None}, checked({"spark.driver.host": "laptop"})[0])

    def test_what_a_session_would_wait_for_or_fail_with(self):
        for name, value in (
            ("spark.submit.deployMode", "cluster"),
            ("spark.shuffle.service.enabled", "true"),
            ("spark.executor.resource.gpu.amount", "1"),
        ):
            changes, [remark] = checked({name: value})
            self.assertEqual({name: None}, changes)
            self.assertIn(f"{name}={value} is left out: ", remark)


class WithoutEffect(unittest.TestCase):
    def test_settings_of_other_kinds_of_clusters_on_one_line_each(self):
        for given in (
            {"spark.executor.memoryOverhead": "1g", "spark.executor.memoryOverheadFactor": "0.2"},
            {"spark.driver.memoryOverhead": "1g", "spark.driver.cores": "2"},
            {"spark.yarn.queue": "a", "spark.kubernetes.namespace": "b"},
            {"spark.local.dir": "/tmp"},
            {"spark.pyspark.python": "python3.9"},
            {"spark.worker.cleanup.enabled": "true"},
        ):
            changes, [remark] = checked(given)
            self.assertEqual({}, changes)
            self.assertRegex(remark, f"^{', '.join(given)} (has|have) no effect: ")

    def test_settings_that_need_another(self):
        [remark] = checked({"spark.dynamicAllocation.maxExecutors": "3"})[1]
        self.assertEqual("spark.dynamicAllocation.maxExecutors has no effect without spark.dynamicAllocation.enabled=true.", remark)

    def test_event_logs_where_the_history_server_does_not_look(self):
        self.assertIn("the history server does not show", checked({"spark.eventLog.dir": "/tmp/spark-events"})[1][0])

    def test_what_javas_start_reads(self):
        given = {"spark.driver.memory": "4g", "spark.jars.packages": "a:b:1"}
        [remark] = checked(given, java_runs=True)[1]
        self.assertIn("spark.driver.memory, spark.jars.packages have no effect: this kernel's Java has started", remark)
        [remark] = checked(given, java_runs=True, script=True)[1]
        options = 'make submit APP=... OPTIONS="--conf spark.driver.memory=... --conf spark.jars.packages=..."'
        self.assertIn(f"a script's Java starts before the script. Submit it with {options}", remark)
        jars = {"spark.jars": "/opt/workspace/a_2.12.jar"}
        self.assertIn("is for Scala 2.12", checked(jars, java_runs=True, script=True, options={"spark.jars": "file:///opt/workspace/a_2.12.jar"})[1][0])
        self.assertIn("has no effect", checked(jars, java_runs=True, script=True, options={"spark.jars": "file:///b.jar"})[1][0])

    def test_what_java_was_started_with_took_effect(self):
        started = {"spark.driver.memory": "16g", "spark.jars.packages": "a:b_2.12:1"}
        how = {"java_runs": True, "script": True, "options": started, "room": 4480}
        scala, heap = checked(started, **how)[1]
        self.assertIn("is for Scala 2.12", scala)
        self.assertIn("spark.driver.memory=16g: JupyterLab's container has 4480m", heap)
        late, scala = checked({**started, "spark.driver.memory": "4g"}, **how)[1]
        self.assertIn("spark.driver.memory has no effect: a script's Java", late)

    def test_a_session_that_runs(self):
        self.assertEqual([], settings.running({"a": "1"}, set()))
        [remark] = settings.running({"spark.executor.memory": "1g", "spark.sql.shuffle.partitions": "3"}, {"spark.executor.memory"})
        self.assertIn("spark.executor.memory has no effect on the session that runs already", remark)


class OffTheCluster(unittest.TestCase):
    def test_another_master(self):
        changes, [remark] = checked({"spark.master": "local[2]", "spark.driver.host": "localhost", "spark.cores.max": "64"})
        self.assertEqual({}, changes)
        self.assertIn("spark.master=local[2]: this session runs in JupyterLab's container alone", remark)
        self.assertIn("is not this cluster's master", checked({"spark.master": "yarn"})[1][0])

    def test_a_connect_server_of_its_own(self):
        self.assertEqual([], checked({"spark.master": "local[*]"}, remote=True)[1])
        self.assertIn("is not this cluster's master", checked({"spark.master": "yarn"}, remote=True)[1][0])
        self.assertIn("spark.remote=local[*]", settings.off_cluster({"spark.remote": "local[*]"})[0])
        self.assertIn("spark.api.mode=connect", settings.off_cluster({"spark.api.mode": "connect"})[0])
        for options in ({}, {"spark.remote": "sc://connect:15002"}, {"spark.api.mode": "classic"}):
            self.assertEqual([], settings.off_cluster(options))


    def test_the_clusters_master_is_no_setting_of_the_user(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(defaults, "FILE", pathlib.Path(folder, "spark-defaults.conf")):
            defaults.FILE.write_text("spark.a = b\n")
            self.assertEqual({"spark.master": settings.MASTER, "spark.a": "b"}, given.cluster_settings())

    def test_the_clusters_master_is_javas_alone_so_that_pyspark_takes_a_remote(self):
        for master, left in ((settings.MASTER, None), ("local", "local"), (None, None)):
            variables = {"SPARK_CLUSTER_MASTER": settings.MASTER, **({} if master is None else {"MASTER": master})}
            with mock.patch.dict(os.environ, variables):
                driver.leave_master_to_java()
                self.assertEqual(left, os.environ.get("MASTER"))


class Spelling(unittest.TestCase):
    KNOWN = ["spark.executor.memory", "spark.executor.cores", "spark.sql.shuffle.partitions", "spark.ui.enabled", "spark.kryo.unsafe"]

    def test_names_that_are_almost_one_of_sparks(self):
        for wrong, right in (
            ("spark.excutor.memory", "spark.executor.memory"),
            ("spark.executors.memory", "spark.executor.memory"),
            ("spark.executor.memmory", "spark.executor.memory"),
            ("spark.exeuctor.memory", "spark.executor.memory"),
            ("spark.executor.core", "spark.executor.cores"),
            ("spark.sql.shuffle.partition", "spark.sql.shuffle.partitions"),
            ("spark.executor.Memory", "spark.executor.memory"),
            ("executor.memory", "spark.executor.memory"),
        ):
            self.assertEqual([f"Spark has no setting {wrong}. Did you mean {right}?"], settings.misspelt([wrong], self.KNOWN))

    def test_names_of_others_and_of_the_person(self):
        names = ["spark.myapp.x", "spark.comet.enabled", "spark.hadoop.fs.s3a.endpoint", "spark.sql.catalog.a", "my.key", "spark.ui.enabled"]
        self.assertEqual([], settings.misspelt(names, self.KNOWN))


class Environment(unittest.TestCase):
    def restored(self, **variables):
        """The variables after the start of a session, and what it says of them."""
        with (
            mock.patch.dict(os.environ, variables),
            mock.patch.object(environment, "say") as say,
            mock.patch.dict(environment.STARTED_WITH, {"JAVA_HOME": None, "SPARK_HOME": "/opt/spark", "PYSPARK_PYTHON": "/own/python3"}),
        ):
            environment.restore()
            return {name: os.environ.get(name) for name in variables}, [call.args[0] for call in say.call_args_list]

    def test_a_program_that_is_not_in_the_image_is_left_out(self):
        after, said = self.restored(JAVA_HOME="/usr/lib/jvm/java-8", SPARK_HOME="/usr/local/spark", PYSPARK_PYTHON="python3.99")
        self.assertEqual({"JAVA_HOME": None, "SPARK_HOME": "/opt/spark", "PYSPARK_PYTHON": "/own/python3"}, after)
        self.assertEqual(
            [
                "JAVA_HOME=/usr/lib/jvm/java-8 is left out: there is no Java, and the image has its own.",
                "SPARK_HOME=/usr/local/spark is left out: there is no Spark, and the image has its own.",
                "PYSPARK_PYTHON=python3.99 is left out: driver and executors run the notebook's Python. %pip install adds packages to both.",
            ],
            said,
        )

    def test_the_own_python_is_not_commented(self):
        python = environment.sys.executable
        self.assertEqual(({"PYSPARK_PYTHON": python}, []), self.restored(PYSPARK_PYTHON=python))

    def test_settings_of_submit_arguments(self):
        arguments = "--master local[2] --conf spark.a=b=c --conf=spark.d=e --num-executors 3 --py-files a.py pyspark-shell"
        expected = {"spark.master": "local[2]", "spark.a": "b=c", "spark.d": "e", "spark.executor.instances": "3"}
        for text, found, master in (
            (arguments, expected, "local"),
            ("--conf 'spark.a", {}, "local"),
            ("pyspark-shell", {}, settings.MASTER),
            ("pyspark-shell", {"spark.master": "local"}, "local"),
        ):
            with mock.patch.dict(os.environ, {"PYSPARK_SUBMIT_ARGS": text, "MASTER": master}):
                self.assertEqual(found, environment.submitted())


class Submitted(unittest.TestCase):
    """Options of spark-submit are checked as settings of the builder are."""

    def session(self, properties, conf=None, script=True, runs=True, cluster=CLUSTER, **variables):
        """What a session with these settings of Java and of its own gets, the remarks, and what Java has afterwards."""
        properties, conf = {**cluster, **properties}, None if conf is None else dict(conf)

        class SparkConf:
            def __init__(self):
                self._conf = dict(properties) if context._jvm else {}
                self._jconf = types.SimpleNamespace(remove=self._conf.pop) if context._jvm else None
                self.set = self._conf.__setitem__

            def getAll(self):
                return self._conf.items()

            def toDebugString(self):
                return "\n".join(f"{name}={value}" for name, value in self._conf.items())

        system = types.SimpleNamespace(setProperty=properties.__setitem__, clearProperty=lambda name: properties.pop(name, None))
        jvm = types.SimpleNamespace(java=types.SimpleNamespace(lang=types.SimpleNamespace(System=system)))
        context = types.SimpleNamespace(_jvm=jvm if runs else None)
        context._ensure_initialized = lambda **_: setattr(context, "_jvm", jvm)
        pyspark = types.SimpleNamespace(SparkContext=context, SparkConf=SparkConf, __version__="4.1.0")
        arguments = {}
        if conf is not None:
            arguments["conf"] = types.SimpleNamespace(_jconf=None, _conf=conf, getAll=conf.items, set=conf.__setitem__)
        with (
            mock.patch.dict(os.environ, variables),
            mock.patch.object(given, "STARTED_BY_JAVA", script),
            mock.patch.object(given, "cluster_settings", lambda: cluster),
            mock.patch.object(given, "is_own", lambda host: host != "localhost"),
            mock.patch.object(given.master, "workers", lambda: WORKERS),
            mock.patch.object(given, "say") as say,
        ):
            given.check(pyspark, arguments)
        used = {**properties, **arguments["conf"]._conf} if "conf" in arguments else properties
        return used, [call.args[0] for call in say.call_args_list], properties

    def test_sizes_take_effect_in_a_script_with_and_without_settings_of_its_own(self):
        # As spark-submit itself sets them, and a secret as Java shows it.
        own = {"spark.app.name": "a", "spark.submit.pyFiles": "", "spark.files": "a", "spark.authenticate.secret": given.REDACTED}
        for conf in (None, {}):
            for runs in (True, False):
                used, remarks, _ = self.session({**own, "spark.executor.instances": "1"}, conf, runs=runs)
                self.assertEqual(("1", []), (used["spark.cores.max"], remarks))
        used, [remark], java = self.session({"spark.executor.cores": "2"})
        self.assertEqual("4", used["spark.cores.max"])
        self.assertEqual("2", java["spark.cores.max"])  # a later session is computed again
        self.assertIn("spark.executor.cores=2: this session takes", remark)
        self.assertIn("no worker can hold", self.session({"spark.executor.memory": "8g"})[1][0])
        self.assertEqual([], self.session({**own, "spark.driver.memory": "600m", "spark.jars": "a.jar"}, {})[1])

    def test_what_is_left_out_is_not_in_java_either(self):
        for conf in (None, {}):
            given_to_java = {"spark.shuffle.service.enabled": "true", "spark.driver.host": "localhost"}
            used, remarks, java = self.session(given_to_java, conf)
            self.assertEqual(2, len(remarks))
            self.assertEqual((CLUSTER, CLUSTER), (used, java))

    def test_a_swarms_size_is_not_the_users(self):
        options = "-Dgiven=1 -Dspark.cores.max=3 -Dspark.sql.shuffle.partitions=5"
        computed = {"spark.cores.max": "3", "spark.sql.shuffle.partitions": "5"}
        how = {"cluster": {name: value for name, value in CLUSTER.items() if name not in computed}, "SPARK_SUBMIT_OPTS": options}
        self.assertEqual([], self.session(computed, **how)[1])
        used, remarks, _ = self.session({**computed, "spark.executor.instances": "1"}, **how)
        self.assertEqual(("1", []), (used["spark.cores.max"], remarks))

    def test_a_submitted_notebook_and_a_shell(self):
        options = {"PYSPARK_SUBMIT_ARGS": "--num-executors 1 --driver-memory 600m pyspark-shell"}
        for runs in (True, False):  # in a shell Java runs before the session
            java = {"spark.executor.instances": "1", "spark.driver.memory": "600m"} if runs else {}
            used, remarks, _ = self.session(java, script=False, runs=runs, **options)
            self.assertEqual(("1", []), (used["spark.cores.max"], remarks))
        self.assertEqual("2", self.session({}, script=False, **options)[0]["spark.cores.max"])  # set after Java's start

    def test_a_jar_of_submit_arguments_for_another_scala_is_named(self):
        other, fitting = "org:kafka_2.12:1", "org:kafka_2.13:1"
        options = {name: {"PYSPARK_SUBMIT_ARGS": f"--packages {name} --jars /opt/workspace/a.jar pyspark-shell"} for name in (other, fitting)}
        for java in (None, {"spark.jars.packages": other, "spark.jars": "file:/ivy/kafka_2.12.jar,file:///opt/workspace/a.jar"}):
            [remark] = self.session(java or {}, script=False, runs=java is not None, **options[other])[1]
            self.assertIn(f"spark.jars.packages: {other} is for Scala 2.12", remark)
        self.assertEqual([], self.session({}, script=False, runs=False, **options[fitting])[1])
        jar = {"PYSPARK_SUBMIT_ARGS": "--jars /opt/workspace/a_2.12.jar pyspark-shell"}
        self.assertIn("a_2.12.jar is for Scala 2.12", self.session({}, script=False, runs=False, **jar)[1][0])
