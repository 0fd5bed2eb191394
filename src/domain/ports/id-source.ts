export interface IdSource {
  /** A UUIDv7 of this millisecond, greater than every earlier one of this process. */
  next(): string;
}
