/** An entry of ESLint's flat configuration. */
declare const config: { readonly name: string; readonly rules: Readonly<Record<string, unknown>> };
export default config;
