package dev.cairnmemory.scenario;

import dev.cairnmemory.CairnException;
import io.grpc.Status;
import java.util.Objects;
import java.util.Optional;

/** What a step claims; a claim that does not hold ends the step. */
final class Expect {
  private Expect() {}

  /** What was awaited is what came. */
  static void equal(String what, Object came, Object expected) {
    if (!Objects.equals(came, expected)) throw new AssertionError(what + ": expected " + expected + ", came " + came);
  }

  /** Something holds. */
  static void holds(String what, boolean holds) {
    if (!holds) throw new AssertionError("does not hold: " + what);
  }

  /** What began then ended within four seconds: well before the five that the server takes. */
  static void soonAfter(String what, long nanoTime) {
    double seconds = (System.nanoTime() - nanoTime) / 1e9;
    holds(what + " after " + seconds + " s is within 4 s", seconds < 4);
  }

  /** The call fails with that code. */
  static CairnException fails(String what, Runnable call, Status.Code code) {
    try {
      call.run();
    } catch (CairnException error) {
      if (error.getCode() == code) return error;
      throw new AssertionError(what + ": expected " + code + ", came " + error.getMessage(), error);
    }
    throw new AssertionError(what + ": expected " + code + ", came an answer");
  }

  /** The call fails with that code and that reason. */
  static CairnException refused(String what, Runnable call, Status.Code code, String reason) {
    CairnException error = fails(what, call, code);
    equal(what, error.getReason(), Optional.of(reason));
    holds(what + ": the error has a call id", error.getCallId().isPresent());
    return error;
  }

  /** The error says this of itself besides its reason. */
  static void says(CairnException error, String name, String value) {
    equal(name, error.getMetadata().get(name), value);
  }
}
