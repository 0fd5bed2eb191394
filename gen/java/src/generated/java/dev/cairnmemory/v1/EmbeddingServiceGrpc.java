package dev.cairnmemory.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Manages the generations of vectors, which all workspaces share. Scope operator throughout, which only the root key holds.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class EmbeddingServiceGrpc {

  private EmbeddingServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "cairn.v1.EmbeddingService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.ListEmbeddingGenerationsRequest,
      dev.cairnmemory.v1.ListEmbeddingGenerationsResponse> getListEmbeddingGenerationsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListEmbeddingGenerations",
      requestType = dev.cairnmemory.v1.ListEmbeddingGenerationsRequest.class,
      responseType = dev.cairnmemory.v1.ListEmbeddingGenerationsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.ListEmbeddingGenerationsRequest,
      dev.cairnmemory.v1.ListEmbeddingGenerationsResponse> getListEmbeddingGenerationsMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.ListEmbeddingGenerationsRequest, dev.cairnmemory.v1.ListEmbeddingGenerationsResponse> getListEmbeddingGenerationsMethod;
    if ((getListEmbeddingGenerationsMethod = EmbeddingServiceGrpc.getListEmbeddingGenerationsMethod) == null) {
      synchronized (EmbeddingServiceGrpc.class) {
        if ((getListEmbeddingGenerationsMethod = EmbeddingServiceGrpc.getListEmbeddingGenerationsMethod) == null) {
          EmbeddingServiceGrpc.getListEmbeddingGenerationsMethod = getListEmbeddingGenerationsMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.ListEmbeddingGenerationsRequest, dev.cairnmemory.v1.ListEmbeddingGenerationsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListEmbeddingGenerations"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.ListEmbeddingGenerationsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.ListEmbeddingGenerationsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EmbeddingServiceMethodDescriptorSupplier("ListEmbeddingGenerations"))
              .build();
        }
      }
    }
    return getListEmbeddingGenerationsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.BuildEmbeddingGenerationRequest,
      dev.cairnmemory.v1.BuildEmbeddingGenerationResponse> getBuildEmbeddingGenerationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BuildEmbeddingGeneration",
      requestType = dev.cairnmemory.v1.BuildEmbeddingGenerationRequest.class,
      responseType = dev.cairnmemory.v1.BuildEmbeddingGenerationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.BuildEmbeddingGenerationRequest,
      dev.cairnmemory.v1.BuildEmbeddingGenerationResponse> getBuildEmbeddingGenerationMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.BuildEmbeddingGenerationRequest, dev.cairnmemory.v1.BuildEmbeddingGenerationResponse> getBuildEmbeddingGenerationMethod;
    if ((getBuildEmbeddingGenerationMethod = EmbeddingServiceGrpc.getBuildEmbeddingGenerationMethod) == null) {
      synchronized (EmbeddingServiceGrpc.class) {
        if ((getBuildEmbeddingGenerationMethod = EmbeddingServiceGrpc.getBuildEmbeddingGenerationMethod) == null) {
          EmbeddingServiceGrpc.getBuildEmbeddingGenerationMethod = getBuildEmbeddingGenerationMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.BuildEmbeddingGenerationRequest, dev.cairnmemory.v1.BuildEmbeddingGenerationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BuildEmbeddingGeneration"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.BuildEmbeddingGenerationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.BuildEmbeddingGenerationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EmbeddingServiceMethodDescriptorSupplier("BuildEmbeddingGeneration"))
              .build();
        }
      }
    }
    return getBuildEmbeddingGenerationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest,
      dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse> getActivateEmbeddingGenerationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ActivateEmbeddingGeneration",
      requestType = dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest.class,
      responseType = dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest,
      dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse> getActivateEmbeddingGenerationMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest, dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse> getActivateEmbeddingGenerationMethod;
    if ((getActivateEmbeddingGenerationMethod = EmbeddingServiceGrpc.getActivateEmbeddingGenerationMethod) == null) {
      synchronized (EmbeddingServiceGrpc.class) {
        if ((getActivateEmbeddingGenerationMethod = EmbeddingServiceGrpc.getActivateEmbeddingGenerationMethod) == null) {
          EmbeddingServiceGrpc.getActivateEmbeddingGenerationMethod = getActivateEmbeddingGenerationMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest, dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ActivateEmbeddingGeneration"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EmbeddingServiceMethodDescriptorSupplier("ActivateEmbeddingGeneration"))
              .build();
        }
      }
    }
    return getActivateEmbeddingGenerationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.DropEmbeddingGenerationRequest,
      dev.cairnmemory.v1.DropEmbeddingGenerationResponse> getDropEmbeddingGenerationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DropEmbeddingGeneration",
      requestType = dev.cairnmemory.v1.DropEmbeddingGenerationRequest.class,
      responseType = dev.cairnmemory.v1.DropEmbeddingGenerationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.DropEmbeddingGenerationRequest,
      dev.cairnmemory.v1.DropEmbeddingGenerationResponse> getDropEmbeddingGenerationMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.DropEmbeddingGenerationRequest, dev.cairnmemory.v1.DropEmbeddingGenerationResponse> getDropEmbeddingGenerationMethod;
    if ((getDropEmbeddingGenerationMethod = EmbeddingServiceGrpc.getDropEmbeddingGenerationMethod) == null) {
      synchronized (EmbeddingServiceGrpc.class) {
        if ((getDropEmbeddingGenerationMethod = EmbeddingServiceGrpc.getDropEmbeddingGenerationMethod) == null) {
          EmbeddingServiceGrpc.getDropEmbeddingGenerationMethod = getDropEmbeddingGenerationMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.DropEmbeddingGenerationRequest, dev.cairnmemory.v1.DropEmbeddingGenerationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DropEmbeddingGeneration"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.DropEmbeddingGenerationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.DropEmbeddingGenerationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EmbeddingServiceMethodDescriptorSupplier("DropEmbeddingGeneration"))
              .build();
        }
      }
    }
    return getDropEmbeddingGenerationMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static EmbeddingServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EmbeddingServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EmbeddingServiceStub>() {
        @java.lang.Override
        public EmbeddingServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EmbeddingServiceStub(channel, callOptions);
        }
      };
    return EmbeddingServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static EmbeddingServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EmbeddingServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EmbeddingServiceBlockingV2Stub>() {
        @java.lang.Override
        public EmbeddingServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EmbeddingServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return EmbeddingServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static EmbeddingServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EmbeddingServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EmbeddingServiceBlockingStub>() {
        @java.lang.Override
        public EmbeddingServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EmbeddingServiceBlockingStub(channel, callOptions);
        }
      };
    return EmbeddingServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static EmbeddingServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EmbeddingServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EmbeddingServiceFutureStub>() {
        @java.lang.Override
        public EmbeddingServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EmbeddingServiceFutureStub(channel, callOptions);
        }
      };
    return EmbeddingServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Manages the generations of vectors, which all workspaces share. Scope operator throughout, which only the root key holds.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Lists the generations, oldest first, and counts how far each covers the memories, which reads them all.
     * </pre>
     */
    default void listEmbeddingGenerations(dev.cairnmemory.v1.ListEmbeddingGenerationsRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ListEmbeddingGenerationsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListEmbeddingGenerationsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Begins to build a generation beside the active one, or goes on with it, and answers at once; the server fills it in the
     * background. Another one that is being built is retired. The active one: nothing happens. No such generation: NOT_FOUND.
     * One that this server cannot make vectors of, or that is being dropped; no provider configured: FAILED_PRECONDITION.
     * </pre>
     */
    default void buildEmbeddingGeneration(dev.cairnmemory.v1.BuildEmbeddingGenerationRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.BuildEmbeddingGenerationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBuildEmbeddingGenerationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Makes a generation that is being built the active one, which search reads from then on, and retires the one before. The
     * active one: nothing happens. No such generation: NOT_FOUND. One that is not being built, or that this server cannot make
     * vectors of; vectors that are missing, metadata `missing` says how many, unless `force`: FAILED_PRECONDITION.
     * </pre>
     */
    default void activateEmbeddingGeneration(dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getActivateEmbeddingGenerationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Erases the vectors of a generation in the background and answers at once. It is listed as DROPPING until they are gone.
     * The active one: FAILED_PRECONDITION. No such generation, or one that is gone: NOT_FOUND.
     * </pre>
     */
    default void dropEmbeddingGeneration(dev.cairnmemory.v1.DropEmbeddingGenerationRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.DropEmbeddingGenerationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDropEmbeddingGenerationMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service EmbeddingService.
   * <pre>
   * Manages the generations of vectors, which all workspaces share. Scope operator throughout, which only the root key holds.
   * </pre>
   */
  public static abstract class EmbeddingServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return EmbeddingServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service EmbeddingService.
   * <pre>
   * Manages the generations of vectors, which all workspaces share. Scope operator throughout, which only the root key holds.
   * </pre>
   */
  public static final class EmbeddingServiceStub
      extends io.grpc.stub.AbstractAsyncStub<EmbeddingServiceStub> {
    private EmbeddingServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EmbeddingServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EmbeddingServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the generations, oldest first, and counts how far each covers the memories, which reads them all.
     * </pre>
     */
    public void listEmbeddingGenerations(dev.cairnmemory.v1.ListEmbeddingGenerationsRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ListEmbeddingGenerationsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListEmbeddingGenerationsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Begins to build a generation beside the active one, or goes on with it, and answers at once; the server fills it in the
     * background. Another one that is being built is retired. The active one: nothing happens. No such generation: NOT_FOUND.
     * One that this server cannot make vectors of, or that is being dropped; no provider configured: FAILED_PRECONDITION.
     * </pre>
     */
    public void buildEmbeddingGeneration(dev.cairnmemory.v1.BuildEmbeddingGenerationRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.BuildEmbeddingGenerationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBuildEmbeddingGenerationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Makes a generation that is being built the active one, which search reads from then on, and retires the one before. The
     * active one: nothing happens. No such generation: NOT_FOUND. One that is not being built, or that this server cannot make
     * vectors of; vectors that are missing, metadata `missing` says how many, unless `force`: FAILED_PRECONDITION.
     * </pre>
     */
    public void activateEmbeddingGeneration(dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getActivateEmbeddingGenerationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Erases the vectors of a generation in the background and answers at once. It is listed as DROPPING until they are gone.
     * The active one: FAILED_PRECONDITION. No such generation, or one that is gone: NOT_FOUND.
     * </pre>
     */
    public void dropEmbeddingGeneration(dev.cairnmemory.v1.DropEmbeddingGenerationRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.DropEmbeddingGenerationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDropEmbeddingGenerationMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service EmbeddingService.
   * <pre>
   * Manages the generations of vectors, which all workspaces share. Scope operator throughout, which only the root key holds.
   * </pre>
   */
  public static final class EmbeddingServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<EmbeddingServiceBlockingV2Stub> {
    private EmbeddingServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EmbeddingServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EmbeddingServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the generations, oldest first, and counts how far each covers the memories, which reads them all.
     * </pre>
     */
    public dev.cairnmemory.v1.ListEmbeddingGenerationsResponse listEmbeddingGenerations(dev.cairnmemory.v1.ListEmbeddingGenerationsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListEmbeddingGenerationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins to build a generation beside the active one, or goes on with it, and answers at once; the server fills it in the
     * background. Another one that is being built is retired. The active one: nothing happens. No such generation: NOT_FOUND.
     * One that this server cannot make vectors of, or that is being dropped; no provider configured: FAILED_PRECONDITION.
     * </pre>
     */
    public dev.cairnmemory.v1.BuildEmbeddingGenerationResponse buildEmbeddingGeneration(dev.cairnmemory.v1.BuildEmbeddingGenerationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBuildEmbeddingGenerationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Makes a generation that is being built the active one, which search reads from then on, and retires the one before. The
     * active one: nothing happens. No such generation: NOT_FOUND. One that is not being built, or that this server cannot make
     * vectors of; vectors that are missing, metadata `missing` says how many, unless `force`: FAILED_PRECONDITION.
     * </pre>
     */
    public dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse activateEmbeddingGeneration(dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getActivateEmbeddingGenerationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Erases the vectors of a generation in the background and answers at once. It is listed as DROPPING until they are gone.
     * The active one: FAILED_PRECONDITION. No such generation, or one that is gone: NOT_FOUND.
     * </pre>
     */
    public dev.cairnmemory.v1.DropEmbeddingGenerationResponse dropEmbeddingGeneration(dev.cairnmemory.v1.DropEmbeddingGenerationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDropEmbeddingGenerationMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service EmbeddingService.
   * <pre>
   * Manages the generations of vectors, which all workspaces share. Scope operator throughout, which only the root key holds.
   * </pre>
   */
  public static final class EmbeddingServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<EmbeddingServiceBlockingStub> {
    private EmbeddingServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EmbeddingServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EmbeddingServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the generations, oldest first, and counts how far each covers the memories, which reads them all.
     * </pre>
     */
    public dev.cairnmemory.v1.ListEmbeddingGenerationsResponse listEmbeddingGenerations(dev.cairnmemory.v1.ListEmbeddingGenerationsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListEmbeddingGenerationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins to build a generation beside the active one, or goes on with it, and answers at once; the server fills it in the
     * background. Another one that is being built is retired. The active one: nothing happens. No such generation: NOT_FOUND.
     * One that this server cannot make vectors of, or that is being dropped; no provider configured: FAILED_PRECONDITION.
     * </pre>
     */
    public dev.cairnmemory.v1.BuildEmbeddingGenerationResponse buildEmbeddingGeneration(dev.cairnmemory.v1.BuildEmbeddingGenerationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBuildEmbeddingGenerationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Makes a generation that is being built the active one, which search reads from then on, and retires the one before. The
     * active one: nothing happens. No such generation: NOT_FOUND. One that is not being built, or that this server cannot make
     * vectors of; vectors that are missing, metadata `missing` says how many, unless `force`: FAILED_PRECONDITION.
     * </pre>
     */
    public dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse activateEmbeddingGeneration(dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getActivateEmbeddingGenerationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Erases the vectors of a generation in the background and answers at once. It is listed as DROPPING until they are gone.
     * The active one: FAILED_PRECONDITION. No such generation, or one that is gone: NOT_FOUND.
     * </pre>
     */
    public dev.cairnmemory.v1.DropEmbeddingGenerationResponse dropEmbeddingGeneration(dev.cairnmemory.v1.DropEmbeddingGenerationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDropEmbeddingGenerationMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service EmbeddingService.
   * <pre>
   * Manages the generations of vectors, which all workspaces share. Scope operator throughout, which only the root key holds.
   * </pre>
   */
  public static final class EmbeddingServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<EmbeddingServiceFutureStub> {
    private EmbeddingServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EmbeddingServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EmbeddingServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the generations, oldest first, and counts how far each covers the memories, which reads them all.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.ListEmbeddingGenerationsResponse> listEmbeddingGenerations(
        dev.cairnmemory.v1.ListEmbeddingGenerationsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListEmbeddingGenerationsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Begins to build a generation beside the active one, or goes on with it, and answers at once; the server fills it in the
     * background. Another one that is being built is retired. The active one: nothing happens. No such generation: NOT_FOUND.
     * One that this server cannot make vectors of, or that is being dropped; no provider configured: FAILED_PRECONDITION.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.BuildEmbeddingGenerationResponse> buildEmbeddingGeneration(
        dev.cairnmemory.v1.BuildEmbeddingGenerationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBuildEmbeddingGenerationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Makes a generation that is being built the active one, which search reads from then on, and retires the one before. The
     * active one: nothing happens. No such generation: NOT_FOUND. One that is not being built, or that this server cannot make
     * vectors of; vectors that are missing, metadata `missing` says how many, unless `force`: FAILED_PRECONDITION.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse> activateEmbeddingGeneration(
        dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getActivateEmbeddingGenerationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Erases the vectors of a generation in the background and answers at once. It is listed as DROPPING until they are gone.
     * The active one: FAILED_PRECONDITION. No such generation, or one that is gone: NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.DropEmbeddingGenerationResponse> dropEmbeddingGeneration(
        dev.cairnmemory.v1.DropEmbeddingGenerationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDropEmbeddingGenerationMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_EMBEDDING_GENERATIONS = 0;
  private static final int METHODID_BUILD_EMBEDDING_GENERATION = 1;
  private static final int METHODID_ACTIVATE_EMBEDDING_GENERATION = 2;
  private static final int METHODID_DROP_EMBEDDING_GENERATION = 3;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_LIST_EMBEDDING_GENERATIONS:
          serviceImpl.listEmbeddingGenerations((dev.cairnmemory.v1.ListEmbeddingGenerationsRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ListEmbeddingGenerationsResponse>) responseObserver);
          break;
        case METHODID_BUILD_EMBEDDING_GENERATION:
          serviceImpl.buildEmbeddingGeneration((dev.cairnmemory.v1.BuildEmbeddingGenerationRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.BuildEmbeddingGenerationResponse>) responseObserver);
          break;
        case METHODID_ACTIVATE_EMBEDDING_GENERATION:
          serviceImpl.activateEmbeddingGeneration((dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse>) responseObserver);
          break;
        case METHODID_DROP_EMBEDDING_GENERATION:
          serviceImpl.dropEmbeddingGeneration((dev.cairnmemory.v1.DropEmbeddingGenerationRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.DropEmbeddingGenerationResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getListEmbeddingGenerationsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.ListEmbeddingGenerationsRequest,
              dev.cairnmemory.v1.ListEmbeddingGenerationsResponse>(
                service, METHODID_LIST_EMBEDDING_GENERATIONS)))
        .addMethod(
          getBuildEmbeddingGenerationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.BuildEmbeddingGenerationRequest,
              dev.cairnmemory.v1.BuildEmbeddingGenerationResponse>(
                service, METHODID_BUILD_EMBEDDING_GENERATION)))
        .addMethod(
          getActivateEmbeddingGenerationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.ActivateEmbeddingGenerationRequest,
              dev.cairnmemory.v1.ActivateEmbeddingGenerationResponse>(
                service, METHODID_ACTIVATE_EMBEDDING_GENERATION)))
        .addMethod(
          getDropEmbeddingGenerationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.DropEmbeddingGenerationRequest,
              dev.cairnmemory.v1.DropEmbeddingGenerationResponse>(
                service, METHODID_DROP_EMBEDDING_GENERATION)))
        .build();
  }

  private static abstract class EmbeddingServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    EmbeddingServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.cairnmemory.v1.EmbeddingServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("EmbeddingService");
    }
  }

  private static final class EmbeddingServiceFileDescriptorSupplier
      extends EmbeddingServiceBaseDescriptorSupplier {
    EmbeddingServiceFileDescriptorSupplier() {}
  }

  private static final class EmbeddingServiceMethodDescriptorSupplier
      extends EmbeddingServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    EmbeddingServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (EmbeddingServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new EmbeddingServiceFileDescriptorSupplier())
              .addMethod(getListEmbeddingGenerationsMethod())
              .addMethod(getBuildEmbeddingGenerationMethod())
              .addMethod(getActivateEmbeddingGenerationMethod())
              .addMethod(getDropEmbeddingGenerationMethod())
              .build();
        }
      }
    }
    return result;
  }
}
