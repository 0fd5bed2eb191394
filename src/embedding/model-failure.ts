/** A model that cannot be loaded: one clear line for the operator, which names the file or folder at fault. */
export class ModelFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ModelFailure";
  }
}
