// JSON as it was before old libraries came to it.

/** Of plain data. Some libraries give arrays and strings a `toJSON` that answers with JSON: it is passed over. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name) {
    return this[name];
  });
}
