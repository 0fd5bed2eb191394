package dev.cairnmemory;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.cairnmemory.v1.ErrorReason;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Optional;

/** Why a call failed: what the server answered, or that no answer came. */
public final class CairnException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
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

  /** Status code of gRPC; UNAVAILABLE too where the server cannot be reached, FAILED_PRECONDITION where the client is closed. */
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

  static CairnException from(Status said, Metadata trailers, String callId) {
    String id = trailers == null || trailers.get(CALL_ID) == null ? callId : trailers.get(CALL_ID);
    Status status = isLostStream(said) ? Status.UNAVAILABLE.withDescription(said.getDescription()) : said;
    ErrorInfo info = infoOf(trailers);
    return new CairnException(status.getCode(), info, id, messageOf(status, info), status.getCause());
  }

  static CairnException closed() {
    return new CairnException(Status.Code.FAILED_PRECONDITION, null, null, "FAILED_PRECONDITION: the client is closed", null);
  }

  /**
   * Whether the call was dropped under way: by a reset of its stream, which grpc-java calls CANCELLED or INTERNAL though
   * nobody cancelled, or with its connection, which it calls UNKNOWN where the call saw the end before the channel did.
   */
  private static boolean isLostStream(Status status) {
    if (status.getCode() == Status.Code.UNKNOWN) return status.getCause() instanceof ClosedChannelException;
    boolean suspect = status.getCode() == Status.Code.CANCELLED || status.getCode() == Status.Code.INTERNAL;
    return suspect && status.getDescription() != null && status.getDescription().startsWith("RST_STREAM closed stream");
  }

  static CairnException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new CairnException(Status.Code.CANCELLED, null, null, "CANCELLED: the thread was interrupted", cause);
  }

  /** Details that cannot be read are none: the failure itself is what counts. */
  private static ErrorInfo infoOf(Metadata trailers) {
    byte[] details = trailers == null ? null : trailers.get(DETAILS);
    if (details == null) return null;
    try {
      for (Any detail : com.google.rpc.Status.parseFrom(details).getDetailsList()) {
        if (detail.is(ErrorInfo.class)) return detail.unpack(ErrorInfo.class);
      }
    } catch (InvalidProtocolBufferException error) {
      return null;
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
