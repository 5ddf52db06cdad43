/** The members of a JSON object; none of what is no JSON. */
export function membersOf(text: unknown): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(String(text)));
  } catch {
    return {};
  }
}
