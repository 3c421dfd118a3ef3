/** `Symbol.dispose`, also where the engine does not have it yet; TypeScript's helper looks for the same symbol. */
export const dispose: typeof Symbol.dispose =
  Symbol.dispose ?? /*#__PURE__*/ (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);
