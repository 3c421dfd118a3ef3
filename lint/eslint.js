/**
 * For ESLint with typescript-eslint, after its presets: `export default [...tseslint.configs.strict, dtracing]`.
 * `!` is allowed where it is called, `trace.info!(…)`, and stays forbidden everywhere else.
 */
export default {
  name: "dtracing",
  rules: {
    "@typescript-eslint/no-non-null-assertion": "off",
    "no-restricted-syntax": [
      "error",
      {
        selector: "TSNonNullExpression:not(CallExpression > TSNonNullExpression.callee)",
        message: "Forbidden non-null assertion.",
      },
    ],
  },
};
