type Line = (fields: object, message: string) => void;

/** The part of a pino logger that the listener uses. */
export interface Logger {
  readonly debug: Line;
  readonly info: Line;
  readonly warn: Line;
  readonly error: Line;
}
