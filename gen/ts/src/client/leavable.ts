/** Lets `return` call `leave` first: by itself it waits for as long as a running `next` does. */
export function leavable<T>(generator: AsyncGenerator<T, void, undefined>, leave: () => unknown) {
  const end = generator.return.bind(generator);
  generator.return = async (value) => {
    await leave();
    return end(value);
  };
  return generator;
}
