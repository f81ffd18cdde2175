import json
import pathlib
import unittest

from cluster_kernel import explain, failure
from cluster_kernel.causes import Facts, doubled, explanation

SETTINGS = {"spark.driver.memory": "1g", "spark.executor.memory": "512m", "spark.executor.pyspark.memory": "600m"}
FAILURES = pathlib.Path(__file__).parent / "failures"

PYTHON_MEMORY = "pulumi config set pythonMemory 1200m"
EXECUTOR_HEAP = "pulumi config set executorMemory 1g"
DRIVER_HEAP = "pulumi config set driverMemory 2g"
SILENCE = None

# What failures/record.py has produced on a cluster, and what the explanation has to name.
EXPECTED = {
}


def explained(links, master_answers=True, java_exit=None, heard="", file=None, settings=SETTINGS):
    facts = Facts(settings, lambda: master_answers, lambda: java_exit, heard, lambda name: file)
    return explanation(failure.chain(links), facts)


def recorded(name):
    """A failure's links and what else is known, as the kernel has them."""
    seen = json.loads((FAILURES / f"{name}.json").read_text())
    links = [{**link, "text": "\n".join(link["text"]), "java": "\n".join(link["java"])} for link in seen["links"]]
    return links, {"java_exit": seen["javaEnded"], "heard": "\n".join(seen["heard"])}


def link(kind, text, *modules):
    return [{"type": kind, "text": text, "modules": list(modules), "java": ""}]


class Failures(unittest.TestCase):
    def test_each_gets_the_right_words_or_none(self):
        for name, expected in EXPECTED.items():
            with self.subTest(name):
                links, known = recorded(name)
                words = explained(links, **known)
                if expected is SILENCE:
                    self.assertIsNone(words)
                else:
                    self.assertIn(expected, words or "silence")

    def test_all_that_are_recorded_are_in_the_table(self):
        self.assertEqual(sorted(EXPECTED), sorted(file.stem for file in FAILURES.glob("*.json")))


if __name__ == "__main__":
    unittest.main()
