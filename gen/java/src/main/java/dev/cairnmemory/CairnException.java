package dev.cairnmemory;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.cairnmemory.v1.ErrorReason;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.Optional;

/** Why a call failed: what the server answered, or that no answer came. */
public final class CairnException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  static final Metadata.Key<String> CALL_ID = Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

  private final Status.Code code;
  private final transient ErrorInfo info;
  private final String callId;

  private CairnException(Status.Code code, ErrorInfo info, String callId, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.info = info;
    this.callId = callId;
  }

  /** Status code of gRPC; UNAVAILABLE too where the server cannot be reached. */
  public Status.Code getCode() {
    return code;
  }

  /** Name of an {@link ErrorReason} without its prefix, such as MEMORY_NOT_FOUND; empty where the server did not answer. */
  public Optional<String> getReason() {
    return Optional.ofNullable(info).map(ErrorInfo::getReason);
  }

  /** Whether the server gave this reason. */
  public boolean is(ErrorReason reason) {
    return getReason().map("ERROR_REASON_"::concat).filter(reason.name()::equals).isPresent();
  }

  /** What the reason says besides, such as the {@code field} that is at fault. */
  public Map<String, String> getMetadata() {
    return info == null ? Map.of() : info.getMetadataMap();
  }

  /** Names the call in the server's log; empty where the server did not answer. */
  public Optional<String> getCallId() {
    return Optional.ofNullable(callId);
  }

  /** Whether the same call may succeed later: the server was not there, or could not take it. */
  boolean isTransient() {
    return code == Status.Code.UNAVAILABLE
        || (code == Status.Code.RESOURCE_EXHAUSTED && is(ErrorReason.ERROR_REASON_OVERLOADED));
  }

  static CairnException from(Status status, Metadata trailers, String callId) {
    String id = trailers == null || trailers.get(CALL_ID) == null ? callId : trailers.get(CALL_ID);
    ErrorInfo info = infoOf(status, trailers);
    return new CairnException(status.getCode(), info, id, messageOf(status, info), status.getCause());
  }

  static CairnException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new CairnException(Status.Code.CANCELLED, null, null, "CANCELLED: the thread was interrupted", cause);
  }

  private static ErrorInfo infoOf(Status status, Metadata trailers) {
    if (trailers == null) return null;
    for (Any detail : StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList()) {
      if (!detail.is(ErrorInfo.class)) continue;
      try {
        return detail.unpack(ErrorInfo.class);
      } catch (InvalidProtocolBufferException error) {
        return null;
      }
    }
    return null;
  }

  private static String messageOf(Status status, ErrorInfo info) {
    String reason = info == null ? "" : " (" + info.getReason() + ")";
    String text = status.getDescription() == null ? "" : ": " + status.getDescription();
    Throwable from = status.getCause();
    String cause = from == null || from.getMessage() == null ? "" : ": " + from.getMessage();
    return status.getCode() + reason + text + cause;
  }
}
