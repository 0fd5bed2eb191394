package dev.cairnmemory;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.cairnmemory.v1.ErrorReason;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a call failed: what the server answered, or that no answer came. */
public final class CairnException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final String ADVICE =
      "check the address and the certificate, or name its authority with CairnClient.Builder.caCertificate";
  /** Whose reasons are Cairn's; a proxy may have reasons of its own, by the same names. */
  private static final String DOMAIN = "cairn.v1";
  /** How grpc-java's descriptions of what a server or a proxy dropped begin. */
  private static final List<String> LOSSES =
      List.of("RST_STREAM closed stream", "Connection closed after GOAWAY", "Abrupt GOAWAY closed sent stream");
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

  /**
   * Whether the same call may succeed later: the server was not there, or could not take it, or still carries out an earlier
   * call of the same request_id, whose answer it then gets.
   */
  boolean isTransient() {
    return (code == Status.Code.UNAVAILABLE && !isOfCertificate())
        || (code == Status.Code.RESOURCE_EXHAUSTED && is(ErrorReason.ERROR_REASON_OVERLOADED))
        || (code == Status.Code.ABORTED && is(ErrorReason.ERROR_REASON_REQUEST_IN_FLIGHT));
  }

  /** Whether the server showed a certificate that this client does not accept; it will show it again. */
  boolean isOfCertificate() {
    return untrusted(getCause()) != null;
  }

  static CairnException from(Status said, Metadata trailers, String callId) {
    String id = trailers == null || trailers.get(CALL_ID) == null ? callId : trailers.get(CALL_ID);
    Status status = isLost(said, trailers) ? unavailable(said) : said;
    ErrorInfo info = infoOf(trailers);
    CertificateException fault = untrusted(status.getCause());
    if (fault != null) {
      String message = "UNAVAILABLE: the server's certificate is not trusted: " + fault.getMessage() + "; " + ADVICE;
      return new CairnException(status.getCode(), info, id, message, status.getCause());
    }
    return new CairnException(status.getCode(), info, id, messageOf(status, info), status.getCause());
  }

  static CairnException closed() {
    return new CairnException(Status.Code.FAILED_PRECONDITION, null, null, "FAILED_PRECONDITION: the client is closed", null);
  }

  /**
   * Whether the stream or its connection was lost: UNKNOWN is what grpc-java calls a connection whose end the call saw before
   * the channel did; CANCELLED or INTERNAL a reset, a GOAWAY with an error, and bytes that are no HTTP/2. Where there are
   * trailers, a server said it itself.
   */
  private static boolean isLost(Status status, Metadata trailers) {
    if (trailers != null && !trailers.keys().isEmpty()) return false;
    String text = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case UNKNOWN -> status.getCause() instanceof ClosedChannelException;
      case CANCELLED, INTERNAL -> LOSSES.stream().anyMatch(text::startsWith) || isBrokenConnection(status.getCause());
      default -> false;
    };
  }

  /** By its name, as the class is shaded. Its subclasses are faults of one stream, such as headers that are too large. */
  private static boolean isBrokenConnection(Throwable cause) {
    return cause != null && cause.getClass().getSimpleName().equals("Http2Exception");
  }

  /** What was wrong with the server's certificate; null: nothing. */
  private static CertificateException untrusted(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException fault) return fault;
    }
    return null;
  }

  private static Status unavailable(Status said) {
    return Status.UNAVAILABLE.withDescription(said.getDescription()).withCause(said.getCause());
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
        if (!detail.is(ErrorInfo.class)) continue;
        ErrorInfo info = detail.unpack(ErrorInfo.class);
        if (info.getDomain().equals(DOMAIN)) return info;
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
