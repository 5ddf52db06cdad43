declare module 'the-library' {
  export const createLibrary: unknown;
}
