/**
 * The members of a JSON object; none of what is no JSON. Without those in the place of what every object has, such as
 * `toString`: an object could refuse by them to become a text, and keep all others from being shown.
 */
export function membersOf(text: unknown): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(String(text), (name, value) => (name in {} ? undefined : value)));
  } catch {
    return {};
  }
}
