/** Lets `return` call `leave` first: by itself it waits for as long as a running `next` does. */
export declare function leavable<T>(generator: AsyncGenerator<T, void, undefined>, leave: () => unknown): AsyncGenerator<T, void, undefined>;
