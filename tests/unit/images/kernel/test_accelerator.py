import unittest

from spark_cluster.accelerator import PLUGIN, SHUFFLE, obstacle

SETTINGS = {"spark.plugins": PLUGIN, "spark.shuffle.manager": SHUFFLE, "spark.memory.offHeap.enabled": "true"}


class Obstacle(unittest.TestCase):
    def test_none_with_the_cluster_s_settings_or_if_comet_is_off(self):
        for given in (
            {},
            {"spark.plugins": f"com.example.Other,{PLUGIN}"},
            {"spark.comet.enabled": "false", "spark.memory.offHeap.enabled": "false"},
            {"spark.master": "local[*]", "spark.memory.offHeap.enabled": "false"},
            {"spark.comet.shuffle.enabled": "false", "spark.shuffle.manager": "sort"},
        ):
            self.assertIsNone(obstacle({**SETTINGS, **given}), given)

    def test_each_setting_that_comet_needs(self):
        for name, value in (("spark.plugins", "com.example.Other"), ("spark.memory.offHeap.enabled", "false"), ("spark.shuffle.manager", "sort")):
            self.assertEqual(f"{name}={value}, and Comet needs {SETTINGS[name]}", obstacle({**SETTINGS, name: value}))
