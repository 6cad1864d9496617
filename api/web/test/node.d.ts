// The little of Node.js that the tests use.
declare module 'node:test' {
  export function test(name: string, run: () => void): void;
}
declare module 'node:assert/strict' {
  const assert: { equal(got: unknown, want: unknown, message?: string): void; deepEqual(got: unknown, want: unknown, message?: string): void; ok(got: unknown, message?: string): void };
  export default assert;
}
