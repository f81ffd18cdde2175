import js from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["coverage/", ".build/", "dist/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { "@pulumi": pulumi },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      // Off: what implements an interface of promises (a dynamic provider, a mock) is async whether it waits or not, so that what
      // it throws is a rejection.
      "@typescript-eslint/require-await": "off",
      // As strict as the preset, but for numbers: they read the same in a text as in the code.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowAny: false, allowBoolean: false, allowNever: false, allowNullish: false, allowNumber: true, allowRegExp: false },
      ],
      // As tsc has it: a name that begins with _ is there for its place, and a property may be named to leave it out of the rest.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ["tests/**/*.ts", "testbed/**/*.ts"],
    rules: {
      // Off: a value that is not there fails the test, as it should.
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: ["tests/report/*.mjs"],
    languageOptions: { globals: { console: "readonly", process: "readonly" } },
  },
  {
    files: ["tools/pulumi/bin/pulumi-language-nodejs", "**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        ...{ console: "readonly", module: "readonly", process: "readonly", require: "readonly" },
        ...{ __dirname: "readonly", Buffer: "readonly" },
      },
    },
  },
);
