package dev.cairnmemory.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Writes, reads and searches memories. Every call needs a key (`Authorization: Bearer …`); the header `cairn-agent`
 * (UUID or handle) narrows a workspace-wide key to one agent's view.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class MemoryServiceGrpc {

  private MemoryServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "cairn.v1.MemoryService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.WriteMemoryRequest,
      dev.cairnmemory.v1.WriteMemoryResponse> getWriteMemoryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WriteMemory",
      requestType = dev.cairnmemory.v1.WriteMemoryRequest.class,
      responseType = dev.cairnmemory.v1.WriteMemoryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.WriteMemoryRequest,
      dev.cairnmemory.v1.WriteMemoryResponse> getWriteMemoryMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.WriteMemoryRequest, dev.cairnmemory.v1.WriteMemoryResponse> getWriteMemoryMethod;
    if ((getWriteMemoryMethod = MemoryServiceGrpc.getWriteMemoryMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getWriteMemoryMethod = MemoryServiceGrpc.getWriteMemoryMethod) == null) {
          MemoryServiceGrpc.getWriteMemoryMethod = getWriteMemoryMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.WriteMemoryRequest, dev.cairnmemory.v1.WriteMemoryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WriteMemory"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.WriteMemoryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.WriteMemoryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("WriteMemory"))
              .build();
        }
      }
    }
    return getWriteMemoryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.BatchWriteMemoriesRequest,
      dev.cairnmemory.v1.BatchWriteMemoriesResponse> getBatchWriteMemoriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchWriteMemories",
      requestType = dev.cairnmemory.v1.BatchWriteMemoriesRequest.class,
      responseType = dev.cairnmemory.v1.BatchWriteMemoriesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.BatchWriteMemoriesRequest,
      dev.cairnmemory.v1.BatchWriteMemoriesResponse> getBatchWriteMemoriesMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.BatchWriteMemoriesRequest, dev.cairnmemory.v1.BatchWriteMemoriesResponse> getBatchWriteMemoriesMethod;
    if ((getBatchWriteMemoriesMethod = MemoryServiceGrpc.getBatchWriteMemoriesMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getBatchWriteMemoriesMethod = MemoryServiceGrpc.getBatchWriteMemoriesMethod) == null) {
          MemoryServiceGrpc.getBatchWriteMemoriesMethod = getBatchWriteMemoriesMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.BatchWriteMemoriesRequest, dev.cairnmemory.v1.BatchWriteMemoriesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchWriteMemories"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.BatchWriteMemoriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.BatchWriteMemoriesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("BatchWriteMemories"))
              .build();
        }
      }
    }
    return getBatchWriteMemoriesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.GetMemoryRequest,
      dev.cairnmemory.v1.GetMemoryResponse> getGetMemoryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetMemory",
      requestType = dev.cairnmemory.v1.GetMemoryRequest.class,
      responseType = dev.cairnmemory.v1.GetMemoryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.GetMemoryRequest,
      dev.cairnmemory.v1.GetMemoryResponse> getGetMemoryMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.GetMemoryRequest, dev.cairnmemory.v1.GetMemoryResponse> getGetMemoryMethod;
    if ((getGetMemoryMethod = MemoryServiceGrpc.getGetMemoryMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getGetMemoryMethod = MemoryServiceGrpc.getGetMemoryMethod) == null) {
          MemoryServiceGrpc.getGetMemoryMethod = getGetMemoryMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.GetMemoryRequest, dev.cairnmemory.v1.GetMemoryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetMemory"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.GetMemoryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.GetMemoryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("GetMemory"))
              .build();
        }
      }
    }
    return getGetMemoryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.ListMemoriesRequest,
      dev.cairnmemory.v1.ListMemoriesResponse> getListMemoriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListMemories",
      requestType = dev.cairnmemory.v1.ListMemoriesRequest.class,
      responseType = dev.cairnmemory.v1.ListMemoriesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.ListMemoriesRequest,
      dev.cairnmemory.v1.ListMemoriesResponse> getListMemoriesMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.ListMemoriesRequest, dev.cairnmemory.v1.ListMemoriesResponse> getListMemoriesMethod;
    if ((getListMemoriesMethod = MemoryServiceGrpc.getListMemoriesMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getListMemoriesMethod = MemoryServiceGrpc.getListMemoriesMethod) == null) {
          MemoryServiceGrpc.getListMemoriesMethod = getListMemoriesMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.ListMemoriesRequest, dev.cairnmemory.v1.ListMemoriesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListMemories"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.ListMemoriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.ListMemoriesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("ListMemories"))
              .build();
        }
      }
    }
    return getListMemoriesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.UpdateMemoryRequest,
      dev.cairnmemory.v1.UpdateMemoryResponse> getUpdateMemoryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateMemory",
      requestType = dev.cairnmemory.v1.UpdateMemoryRequest.class,
      responseType = dev.cairnmemory.v1.UpdateMemoryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.UpdateMemoryRequest,
      dev.cairnmemory.v1.UpdateMemoryResponse> getUpdateMemoryMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.UpdateMemoryRequest, dev.cairnmemory.v1.UpdateMemoryResponse> getUpdateMemoryMethod;
    if ((getUpdateMemoryMethod = MemoryServiceGrpc.getUpdateMemoryMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getUpdateMemoryMethod = MemoryServiceGrpc.getUpdateMemoryMethod) == null) {
          MemoryServiceGrpc.getUpdateMemoryMethod = getUpdateMemoryMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.UpdateMemoryRequest, dev.cairnmemory.v1.UpdateMemoryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateMemory"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.UpdateMemoryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.UpdateMemoryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("UpdateMemory"))
              .build();
        }
      }
    }
    return getUpdateMemoryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.DeleteMemoryRequest,
      dev.cairnmemory.v1.DeleteMemoryResponse> getDeleteMemoryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteMemory",
      requestType = dev.cairnmemory.v1.DeleteMemoryRequest.class,
      responseType = dev.cairnmemory.v1.DeleteMemoryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.DeleteMemoryRequest,
      dev.cairnmemory.v1.DeleteMemoryResponse> getDeleteMemoryMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.DeleteMemoryRequest, dev.cairnmemory.v1.DeleteMemoryResponse> getDeleteMemoryMethod;
    if ((getDeleteMemoryMethod = MemoryServiceGrpc.getDeleteMemoryMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getDeleteMemoryMethod = MemoryServiceGrpc.getDeleteMemoryMethod) == null) {
          MemoryServiceGrpc.getDeleteMemoryMethod = getDeleteMemoryMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.DeleteMemoryRequest, dev.cairnmemory.v1.DeleteMemoryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteMemory"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.DeleteMemoryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.DeleteMemoryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("DeleteMemory"))
              .build();
        }
      }
    }
    return getDeleteMemoryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.RestoreMemoryRequest,
      dev.cairnmemory.v1.RestoreMemoryResponse> getRestoreMemoryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RestoreMemory",
      requestType = dev.cairnmemory.v1.RestoreMemoryRequest.class,
      responseType = dev.cairnmemory.v1.RestoreMemoryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.RestoreMemoryRequest,
      dev.cairnmemory.v1.RestoreMemoryResponse> getRestoreMemoryMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.RestoreMemoryRequest, dev.cairnmemory.v1.RestoreMemoryResponse> getRestoreMemoryMethod;
    if ((getRestoreMemoryMethod = MemoryServiceGrpc.getRestoreMemoryMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getRestoreMemoryMethod = MemoryServiceGrpc.getRestoreMemoryMethod) == null) {
          MemoryServiceGrpc.getRestoreMemoryMethod = getRestoreMemoryMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.RestoreMemoryRequest, dev.cairnmemory.v1.RestoreMemoryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RestoreMemory"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.RestoreMemoryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.RestoreMemoryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("RestoreMemory"))
              .build();
        }
      }
    }
    return getRestoreMemoryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.PurgeMemoryRequest,
      dev.cairnmemory.v1.PurgeMemoryResponse> getPurgeMemoryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PurgeMemory",
      requestType = dev.cairnmemory.v1.PurgeMemoryRequest.class,
      responseType = dev.cairnmemory.v1.PurgeMemoryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.PurgeMemoryRequest,
      dev.cairnmemory.v1.PurgeMemoryResponse> getPurgeMemoryMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.PurgeMemoryRequest, dev.cairnmemory.v1.PurgeMemoryResponse> getPurgeMemoryMethod;
    if ((getPurgeMemoryMethod = MemoryServiceGrpc.getPurgeMemoryMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getPurgeMemoryMethod = MemoryServiceGrpc.getPurgeMemoryMethod) == null) {
          MemoryServiceGrpc.getPurgeMemoryMethod = getPurgeMemoryMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.PurgeMemoryRequest, dev.cairnmemory.v1.PurgeMemoryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PurgeMemory"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.PurgeMemoryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.PurgeMemoryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("PurgeMemory"))
              .build();
        }
      }
    }
    return getPurgeMemoryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.ListRevisionsRequest,
      dev.cairnmemory.v1.ListRevisionsResponse> getListRevisionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListRevisions",
      requestType = dev.cairnmemory.v1.ListRevisionsRequest.class,
      responseType = dev.cairnmemory.v1.ListRevisionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.ListRevisionsRequest,
      dev.cairnmemory.v1.ListRevisionsResponse> getListRevisionsMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.ListRevisionsRequest, dev.cairnmemory.v1.ListRevisionsResponse> getListRevisionsMethod;
    if ((getListRevisionsMethod = MemoryServiceGrpc.getListRevisionsMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getListRevisionsMethod = MemoryServiceGrpc.getListRevisionsMethod) == null) {
          MemoryServiceGrpc.getListRevisionsMethod = getListRevisionsMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.ListRevisionsRequest, dev.cairnmemory.v1.ListRevisionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListRevisions"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.ListRevisionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.ListRevisionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("ListRevisions"))
              .build();
        }
      }
    }
    return getListRevisionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.SearchRequest,
      dev.cairnmemory.v1.SearchResponse> getSearchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Search",
      requestType = dev.cairnmemory.v1.SearchRequest.class,
      responseType = dev.cairnmemory.v1.SearchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.SearchRequest,
      dev.cairnmemory.v1.SearchResponse> getSearchMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.SearchRequest, dev.cairnmemory.v1.SearchResponse> getSearchMethod;
    if ((getSearchMethod = MemoryServiceGrpc.getSearchMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getSearchMethod = MemoryServiceGrpc.getSearchMethod) == null) {
          MemoryServiceGrpc.getSearchMethod = getSearchMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.SearchRequest, dev.cairnmemory.v1.SearchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Search"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.SearchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.SearchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("Search"))
              .build();
        }
      }
    }
    return getSearchMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.cairnmemory.v1.AssembleContextRequest,
      dev.cairnmemory.v1.AssembleContextResponse> getAssembleContextMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AssembleContext",
      requestType = dev.cairnmemory.v1.AssembleContextRequest.class,
      responseType = dev.cairnmemory.v1.AssembleContextResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.cairnmemory.v1.AssembleContextRequest,
      dev.cairnmemory.v1.AssembleContextResponse> getAssembleContextMethod() {
    io.grpc.MethodDescriptor<dev.cairnmemory.v1.AssembleContextRequest, dev.cairnmemory.v1.AssembleContextResponse> getAssembleContextMethod;
    if ((getAssembleContextMethod = MemoryServiceGrpc.getAssembleContextMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getAssembleContextMethod = MemoryServiceGrpc.getAssembleContextMethod) == null) {
          MemoryServiceGrpc.getAssembleContextMethod = getAssembleContextMethod =
              io.grpc.MethodDescriptor.<dev.cairnmemory.v1.AssembleContextRequest, dev.cairnmemory.v1.AssembleContextResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AssembleContext"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.AssembleContextRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.cairnmemory.v1.AssembleContextResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("AssembleContext"))
              .build();
        }
      }
    }
    return getAssembleContextMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static MemoryServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MemoryServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MemoryServiceStub>() {
        @java.lang.Override
        public MemoryServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MemoryServiceStub(channel, callOptions);
        }
      };
    return MemoryServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static MemoryServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MemoryServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MemoryServiceBlockingV2Stub>() {
        @java.lang.Override
        public MemoryServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MemoryServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return MemoryServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static MemoryServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MemoryServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MemoryServiceBlockingStub>() {
        @java.lang.Override
        public MemoryServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MemoryServiceBlockingStub(channel, callOptions);
        }
      };
    return MemoryServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static MemoryServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MemoryServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MemoryServiceFutureStub>() {
        @java.lang.Override
        public MemoryServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MemoryServiceFutureStub(channel, callOptions);
        }
      };
    return MemoryServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Writes, reads and searches memories. Every call needs a key (`Authorization: Bearer …`); the header `cairn-agent`
   * (UUID or handle) narrows a workspace-wide key to one agent's view.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Writes one memory. With a key it is an upsert that replaces the whole memory: no row → CREATED, a live row → UPDATED or
     * UNCHANGED, a deleted or expired row → REVIVED. Scope memory:write. Over REST: 201 where CREATED, 200 otherwise.
     * </pre>
     */
    default void writeMemory(dev.cairnmemory.v1.WriteMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.WriteMemoryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWriteMemoryMethod(), responseObserver);
    }

    /**
     * <pre>
     * Writes up to 100 memories in order, as one delta; a later item sees an earlier one. Scope memory:write.
     * </pre>
     */
    default void batchWriteMemories(dev.cairnmemory.v1.BatchWriteMemoriesRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.BatchWriteMemoriesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchWriteMemoriesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads one memory. Deleted, expired, absent and forbidden answer alike: NOT_FOUND. Scope memory:read.
     * </pre>
     */
    default void getMemory(dev.cairnmemory.v1.GetMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.GetMemoryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetMemoryMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the memories that the caller may read, newest first. Scope memory:read.
     * </pre>
     */
    default void listMemories(dev.cairnmemory.v1.ListMemoriesRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ListMemoriesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListMemoriesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes the fields that the mask names. A change of title, content or metadata re-embeds. Scope memory:write. Who may read
     * the memory and not change it gets PERMISSION_DENIED. Over REST an absent mask is filled with the keys of the body.
     * </pre>
     */
    default void updateMemory(dev.cairnmemory.v1.UpdateMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.UpdateMemoryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateMemoryMethod(), responseObserver);
    }

    /**
     * <pre>
     * Soft-deletes one memory; RestoreMemory and a write of the same key bring it back. Scope memory:write.
     * </pre>
     */
    default void deleteMemory(dev.cairnmemory.v1.DeleteMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.DeleteMemoryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteMemoryMethod(), responseObserver);
    }

    /**
     * <pre>
     * Undoes a soft delete and clears an expire_time that has passed. On a live memory it changes nothing. Scope memory:write.
     * </pre>
     */
    default void restoreMemory(dev.cairnmemory.v1.RestoreMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.RestoreMemoryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRestoreMemoryMethod(), responseObserver);
    }

    /**
     * <pre>
     * Erases one memory for good, deleted or not, with its revisions and vectors; one tombstone without content stays.
     * Scope memory:write.
     * </pre>
     */
    default void purgeMemory(dev.cairnmemory.v1.PurgeMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.PurgeMemoryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPurgeMemoryMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists what happened to one memory, newest first, deleted and expired memories included. Scope memory:read.
     * </pre>
     */
    default void listRevisions(dev.cairnmemory.v1.ListRevisionsRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ListRevisionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListRevisionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams the best memories for a query in rank order, then one summary. A memory that vanishes meanwhile is skipped and
     * counted. Over REST: NDJSON, or SSE where the client accepts `text/event-stream`. Scope memory:read.
     * </pre>
     */
    default void search(dev.cairnmemory.v1.SearchRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.SearchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSearchMethod(), responseObserver);
    }

    /**
     * <pre>
     * Packs the best memories for a query into a text of limited length that is ready for a prompt: a list with ids and dates.
     * Memories are packed whole, best first; what does not fit is left out and named; where none fits, the best is cut and marked.
     * Of memories that say nearly the same one is packed. Nothing found, or no room for anything: an empty text. Fails as Search
     * does. Scope memory:read.
     * </pre>
     */
    default void assembleContext(dev.cairnmemory.v1.AssembleContextRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.AssembleContextResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAssembleContextMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service MemoryService.
   * <pre>
   * Writes, reads and searches memories. Every call needs a key (`Authorization: Bearer …`); the header `cairn-agent`
   * (UUID or handle) narrows a workspace-wide key to one agent's view.
   * </pre>
   */
  public static abstract class MemoryServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return MemoryServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service MemoryService.
   * <pre>
   * Writes, reads and searches memories. Every call needs a key (`Authorization: Bearer …`); the header `cairn-agent`
   * (UUID or handle) narrows a workspace-wide key to one agent's view.
   * </pre>
   */
  public static final class MemoryServiceStub
      extends io.grpc.stub.AbstractAsyncStub<MemoryServiceStub> {
    private MemoryServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MemoryServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MemoryServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Writes one memory. With a key it is an upsert that replaces the whole memory: no row → CREATED, a live row → UPDATED or
     * UNCHANGED, a deleted or expired row → REVIVED. Scope memory:write. Over REST: 201 where CREATED, 200 otherwise.
     * </pre>
     */
    public void writeMemory(dev.cairnmemory.v1.WriteMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.WriteMemoryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getWriteMemoryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Writes up to 100 memories in order, as one delta; a later item sees an earlier one. Scope memory:write.
     * </pre>
     */
    public void batchWriteMemories(dev.cairnmemory.v1.BatchWriteMemoriesRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.BatchWriteMemoriesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchWriteMemoriesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads one memory. Deleted, expired, absent and forbidden answer alike: NOT_FOUND. Scope memory:read.
     * </pre>
     */
    public void getMemory(dev.cairnmemory.v1.GetMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.GetMemoryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetMemoryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the memories that the caller may read, newest first. Scope memory:read.
     * </pre>
     */
    public void listMemories(dev.cairnmemory.v1.ListMemoriesRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ListMemoriesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListMemoriesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes the fields that the mask names. A change of title, content or metadata re-embeds. Scope memory:write. Who may read
     * the memory and not change it gets PERMISSION_DENIED. Over REST an absent mask is filled with the keys of the body.
     * </pre>
     */
    public void updateMemory(dev.cairnmemory.v1.UpdateMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.UpdateMemoryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateMemoryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Soft-deletes one memory; RestoreMemory and a write of the same key bring it back. Scope memory:write.
     * </pre>
     */
    public void deleteMemory(dev.cairnmemory.v1.DeleteMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.DeleteMemoryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteMemoryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Undoes a soft delete and clears an expire_time that has passed. On a live memory it changes nothing. Scope memory:write.
     * </pre>
     */
    public void restoreMemory(dev.cairnmemory.v1.RestoreMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.RestoreMemoryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRestoreMemoryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Erases one memory for good, deleted or not, with its revisions and vectors; one tombstone without content stays.
     * Scope memory:write.
     * </pre>
     */
    public void purgeMemory(dev.cairnmemory.v1.PurgeMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.PurgeMemoryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPurgeMemoryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists what happened to one memory, newest first, deleted and expired memories included. Scope memory:read.
     * </pre>
     */
    public void listRevisions(dev.cairnmemory.v1.ListRevisionsRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ListRevisionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListRevisionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams the best memories for a query in rank order, then one summary. A memory that vanishes meanwhile is skipped and
     * counted. Over REST: NDJSON, or SSE where the client accepts `text/event-stream`. Scope memory:read.
     * </pre>
     */
    public void search(dev.cairnmemory.v1.SearchRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.SearchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getSearchMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Packs the best memories for a query into a text of limited length that is ready for a prompt: a list with ids and dates.
     * Memories are packed whole, best first; what does not fit is left out and named; where none fits, the best is cut and marked.
     * Of memories that say nearly the same one is packed. Nothing found, or no room for anything: an empty text. Fails as Search
     * does. Scope memory:read.
     * </pre>
     */
    public void assembleContext(dev.cairnmemory.v1.AssembleContextRequest request,
        io.grpc.stub.StreamObserver<dev.cairnmemory.v1.AssembleContextResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAssembleContextMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service MemoryService.
   * <pre>
   * Writes, reads and searches memories. Every call needs a key (`Authorization: Bearer …`); the header `cairn-agent`
   * (UUID or handle) narrows a workspace-wide key to one agent's view.
   * </pre>
   */
  public static final class MemoryServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<MemoryServiceBlockingV2Stub> {
    private MemoryServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MemoryServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MemoryServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Writes one memory. With a key it is an upsert that replaces the whole memory: no row → CREATED, a live row → UPDATED or
     * UNCHANGED, a deleted or expired row → REVIVED. Scope memory:write. Over REST: 201 where CREATED, 200 otherwise.
     * </pre>
     */
    public dev.cairnmemory.v1.WriteMemoryResponse writeMemory(dev.cairnmemory.v1.WriteMemoryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getWriteMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes up to 100 memories in order, as one delta; a later item sees an earlier one. Scope memory:write.
     * </pre>
     */
    public dev.cairnmemory.v1.BatchWriteMemoriesResponse batchWriteMemories(dev.cairnmemory.v1.BatchWriteMemoriesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchWriteMemoriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads one memory. Deleted, expired, absent and forbidden answer alike: NOT_FOUND. Scope memory:read.
     * </pre>
     */
    public dev.cairnmemory.v1.GetMemoryResponse getMemory(dev.cairnmemory.v1.GetMemoryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the memories that the caller may read, newest first. Scope memory:read.
     * </pre>
     */
    public dev.cairnmemory.v1.ListMemoriesResponse listMemories(dev.cairnmemory.v1.ListMemoriesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListMemoriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the fields that the mask names. A change of title, content or metadata re-embeds. Scope memory:write. Who may read
     * the memory and not change it gets PERMISSION_DENIED. Over REST an absent mask is filled with the keys of the body.
     * </pre>
     */
    public dev.cairnmemory.v1.UpdateMemoryResponse updateMemory(dev.cairnmemory.v1.UpdateMemoryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Soft-deletes one memory; RestoreMemory and a write of the same key bring it back. Scope memory:write.
     * </pre>
     */
    public dev.cairnmemory.v1.DeleteMemoryResponse deleteMemory(dev.cairnmemory.v1.DeleteMemoryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Undoes a soft delete and clears an expire_time that has passed. On a live memory it changes nothing. Scope memory:write.
     * </pre>
     */
    public dev.cairnmemory.v1.RestoreMemoryResponse restoreMemory(dev.cairnmemory.v1.RestoreMemoryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRestoreMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Erases one memory for good, deleted or not, with its revisions and vectors; one tombstone without content stays.
     * Scope memory:write.
     * </pre>
     */
    public dev.cairnmemory.v1.PurgeMemoryResponse purgeMemory(dev.cairnmemory.v1.PurgeMemoryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPurgeMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists what happened to one memory, newest first, deleted and expired memories included. Scope memory:read.
     * </pre>
     */
    public dev.cairnmemory.v1.ListRevisionsResponse listRevisions(dev.cairnmemory.v1.ListRevisionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListRevisionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the best memories for a query in rank order, then one summary. A memory that vanishes meanwhile is skipped and
     * counted. Over REST: NDJSON, or SSE where the client accepts `text/event-stream`. Scope memory:read.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.cairnmemory.v1.SearchResponse>
        search(dev.cairnmemory.v1.SearchRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getSearchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Packs the best memories for a query into a text of limited length that is ready for a prompt: a list with ids and dates.
     * Memories are packed whole, best first; what does not fit is left out and named; where none fits, the best is cut and marked.
     * Of memories that say nearly the same one is packed. Nothing found, or no room for anything: an empty text. Fails as Search
     * does. Scope memory:read.
     * </pre>
     */
    public dev.cairnmemory.v1.AssembleContextResponse assembleContext(dev.cairnmemory.v1.AssembleContextRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAssembleContextMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service MemoryService.
   * <pre>
   * Writes, reads and searches memories. Every call needs a key (`Authorization: Bearer …`); the header `cairn-agent`
   * (UUID or handle) narrows a workspace-wide key to one agent's view.
   * </pre>
   */
  public static final class MemoryServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<MemoryServiceBlockingStub> {
    private MemoryServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MemoryServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MemoryServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Writes one memory. With a key it is an upsert that replaces the whole memory: no row → CREATED, a live row → UPDATED or
     * UNCHANGED, a deleted or expired row → REVIVED. Scope memory:write. Over REST: 201 where CREATED, 200 otherwise.
     * </pre>
     */
    public dev.cairnmemory.v1.WriteMemoryResponse writeMemory(dev.cairnmemory.v1.WriteMemoryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getWriteMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes up to 100 memories in order, as one delta; a later item sees an earlier one. Scope memory:write.
     * </pre>
     */
    public dev.cairnmemory.v1.BatchWriteMemoriesResponse batchWriteMemories(dev.cairnmemory.v1.BatchWriteMemoriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchWriteMemoriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads one memory. Deleted, expired, absent and forbidden answer alike: NOT_FOUND. Scope memory:read.
     * </pre>
     */
    public dev.cairnmemory.v1.GetMemoryResponse getMemory(dev.cairnmemory.v1.GetMemoryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the memories that the caller may read, newest first. Scope memory:read.
     * </pre>
     */
    public dev.cairnmemory.v1.ListMemoriesResponse listMemories(dev.cairnmemory.v1.ListMemoriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListMemoriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the fields that the mask names. A change of title, content or metadata re-embeds. Scope memory:write. Who may read
     * the memory and not change it gets PERMISSION_DENIED. Over REST an absent mask is filled with the keys of the body.
     * </pre>
     */
    public dev.cairnmemory.v1.UpdateMemoryResponse updateMemory(dev.cairnmemory.v1.UpdateMemoryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Soft-deletes one memory; RestoreMemory and a write of the same key bring it back. Scope memory:write.
     * </pre>
     */
    public dev.cairnmemory.v1.DeleteMemoryResponse deleteMemory(dev.cairnmemory.v1.DeleteMemoryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Undoes a soft delete and clears an expire_time that has passed. On a live memory it changes nothing. Scope memory:write.
     * </pre>
     */
    public dev.cairnmemory.v1.RestoreMemoryResponse restoreMemory(dev.cairnmemory.v1.RestoreMemoryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRestoreMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Erases one memory for good, deleted or not, with its revisions and vectors; one tombstone without content stays.
     * Scope memory:write.
     * </pre>
     */
    public dev.cairnmemory.v1.PurgeMemoryResponse purgeMemory(dev.cairnmemory.v1.PurgeMemoryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPurgeMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists what happened to one memory, newest first, deleted and expired memories included. Scope memory:read.
     * </pre>
     */
    public dev.cairnmemory.v1.ListRevisionsResponse listRevisions(dev.cairnmemory.v1.ListRevisionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListRevisionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the best memories for a query in rank order, then one summary. A memory that vanishes meanwhile is skipped and
     * counted. Over REST: NDJSON, or SSE where the client accepts `text/event-stream`. Scope memory:read.
     * </pre>
     */
    public java.util.Iterator<dev.cairnmemory.v1.SearchResponse> search(
        dev.cairnmemory.v1.SearchRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getSearchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Packs the best memories for a query into a text of limited length that is ready for a prompt: a list with ids and dates.
     * Memories are packed whole, best first; what does not fit is left out and named; where none fits, the best is cut and marked.
     * Of memories that say nearly the same one is packed. Nothing found, or no room for anything: an empty text. Fails as Search
     * does. Scope memory:read.
     * </pre>
     */
    public dev.cairnmemory.v1.AssembleContextResponse assembleContext(dev.cairnmemory.v1.AssembleContextRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAssembleContextMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service MemoryService.
   * <pre>
   * Writes, reads and searches memories. Every call needs a key (`Authorization: Bearer …`); the header `cairn-agent`
   * (UUID or handle) narrows a workspace-wide key to one agent's view.
   * </pre>
   */
  public static final class MemoryServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<MemoryServiceFutureStub> {
    private MemoryServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MemoryServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MemoryServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Writes one memory. With a key it is an upsert that replaces the whole memory: no row → CREATED, a live row → UPDATED or
     * UNCHANGED, a deleted or expired row → REVIVED. Scope memory:write. Over REST: 201 where CREATED, 200 otherwise.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.WriteMemoryResponse> writeMemory(
        dev.cairnmemory.v1.WriteMemoryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getWriteMemoryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Writes up to 100 memories in order, as one delta; a later item sees an earlier one. Scope memory:write.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.BatchWriteMemoriesResponse> batchWriteMemories(
        dev.cairnmemory.v1.BatchWriteMemoriesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchWriteMemoriesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads one memory. Deleted, expired, absent and forbidden answer alike: NOT_FOUND. Scope memory:read.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.GetMemoryResponse> getMemory(
        dev.cairnmemory.v1.GetMemoryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetMemoryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the memories that the caller may read, newest first. Scope memory:read.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.ListMemoriesResponse> listMemories(
        dev.cairnmemory.v1.ListMemoriesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListMemoriesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes the fields that the mask names. A change of title, content or metadata re-embeds. Scope memory:write. Who may read
     * the memory and not change it gets PERMISSION_DENIED. Over REST an absent mask is filled with the keys of the body.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.UpdateMemoryResponse> updateMemory(
        dev.cairnmemory.v1.UpdateMemoryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateMemoryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Soft-deletes one memory; RestoreMemory and a write of the same key bring it back. Scope memory:write.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.DeleteMemoryResponse> deleteMemory(
        dev.cairnmemory.v1.DeleteMemoryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteMemoryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Undoes a soft delete and clears an expire_time that has passed. On a live memory it changes nothing. Scope memory:write.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.RestoreMemoryResponse> restoreMemory(
        dev.cairnmemory.v1.RestoreMemoryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRestoreMemoryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Erases one memory for good, deleted or not, with its revisions and vectors; one tombstone without content stays.
     * Scope memory:write.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.PurgeMemoryResponse> purgeMemory(
        dev.cairnmemory.v1.PurgeMemoryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPurgeMemoryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists what happened to one memory, newest first, deleted and expired memories included. Scope memory:read.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.ListRevisionsResponse> listRevisions(
        dev.cairnmemory.v1.ListRevisionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListRevisionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Packs the best memories for a query into a text of limited length that is ready for a prompt: a list with ids and dates.
     * Memories are packed whole, best first; what does not fit is left out and named; where none fits, the best is cut and marked.
     * Of memories that say nearly the same one is packed. Nothing found, or no room for anything: an empty text. Fails as Search
     * does. Scope memory:read.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.cairnmemory.v1.AssembleContextResponse> assembleContext(
        dev.cairnmemory.v1.AssembleContextRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAssembleContextMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_WRITE_MEMORY = 0;
  private static final int METHODID_BATCH_WRITE_MEMORIES = 1;
  private static final int METHODID_GET_MEMORY = 2;
  private static final int METHODID_LIST_MEMORIES = 3;
  private static final int METHODID_UPDATE_MEMORY = 4;
  private static final int METHODID_DELETE_MEMORY = 5;
  private static final int METHODID_RESTORE_MEMORY = 6;
  private static final int METHODID_PURGE_MEMORY = 7;
  private static final int METHODID_LIST_REVISIONS = 8;
  private static final int METHODID_SEARCH = 9;
  private static final int METHODID_ASSEMBLE_CONTEXT = 10;

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
        case METHODID_WRITE_MEMORY:
          serviceImpl.writeMemory((dev.cairnmemory.v1.WriteMemoryRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.WriteMemoryResponse>) responseObserver);
          break;
        case METHODID_BATCH_WRITE_MEMORIES:
          serviceImpl.batchWriteMemories((dev.cairnmemory.v1.BatchWriteMemoriesRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.BatchWriteMemoriesResponse>) responseObserver);
          break;
        case METHODID_GET_MEMORY:
          serviceImpl.getMemory((dev.cairnmemory.v1.GetMemoryRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.GetMemoryResponse>) responseObserver);
          break;
        case METHODID_LIST_MEMORIES:
          serviceImpl.listMemories((dev.cairnmemory.v1.ListMemoriesRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ListMemoriesResponse>) responseObserver);
          break;
        case METHODID_UPDATE_MEMORY:
          serviceImpl.updateMemory((dev.cairnmemory.v1.UpdateMemoryRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.UpdateMemoryResponse>) responseObserver);
          break;
        case METHODID_DELETE_MEMORY:
          serviceImpl.deleteMemory((dev.cairnmemory.v1.DeleteMemoryRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.DeleteMemoryResponse>) responseObserver);
          break;
        case METHODID_RESTORE_MEMORY:
          serviceImpl.restoreMemory((dev.cairnmemory.v1.RestoreMemoryRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.RestoreMemoryResponse>) responseObserver);
          break;
        case METHODID_PURGE_MEMORY:
          serviceImpl.purgeMemory((dev.cairnmemory.v1.PurgeMemoryRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.PurgeMemoryResponse>) responseObserver);
          break;
        case METHODID_LIST_REVISIONS:
          serviceImpl.listRevisions((dev.cairnmemory.v1.ListRevisionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.ListRevisionsResponse>) responseObserver);
          break;
        case METHODID_SEARCH:
          serviceImpl.search((dev.cairnmemory.v1.SearchRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.SearchResponse>) responseObserver);
          break;
        case METHODID_ASSEMBLE_CONTEXT:
          serviceImpl.assembleContext((dev.cairnmemory.v1.AssembleContextRequest) request,
              (io.grpc.stub.StreamObserver<dev.cairnmemory.v1.AssembleContextResponse>) responseObserver);
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
          getWriteMemoryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.WriteMemoryRequest,
              dev.cairnmemory.v1.WriteMemoryResponse>(
                service, METHODID_WRITE_MEMORY)))
        .addMethod(
          getBatchWriteMemoriesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.BatchWriteMemoriesRequest,
              dev.cairnmemory.v1.BatchWriteMemoriesResponse>(
                service, METHODID_BATCH_WRITE_MEMORIES)))
        .addMethod(
          getGetMemoryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.GetMemoryRequest,
              dev.cairnmemory.v1.GetMemoryResponse>(
                service, METHODID_GET_MEMORY)))
        .addMethod(
          getListMemoriesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.ListMemoriesRequest,
              dev.cairnmemory.v1.ListMemoriesResponse>(
                service, METHODID_LIST_MEMORIES)))
        .addMethod(
          getUpdateMemoryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.UpdateMemoryRequest,
              dev.cairnmemory.v1.UpdateMemoryResponse>(
                service, METHODID_UPDATE_MEMORY)))
        .addMethod(
          getDeleteMemoryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.DeleteMemoryRequest,
              dev.cairnmemory.v1.DeleteMemoryResponse>(
                service, METHODID_DELETE_MEMORY)))
        .addMethod(
          getRestoreMemoryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.RestoreMemoryRequest,
              dev.cairnmemory.v1.RestoreMemoryResponse>(
                service, METHODID_RESTORE_MEMORY)))
        .addMethod(
          getPurgeMemoryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.PurgeMemoryRequest,
              dev.cairnmemory.v1.PurgeMemoryResponse>(
                service, METHODID_PURGE_MEMORY)))
        .addMethod(
          getListRevisionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.ListRevisionsRequest,
              dev.cairnmemory.v1.ListRevisionsResponse>(
                service, METHODID_LIST_REVISIONS)))
        .addMethod(
          getSearchMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.cairnmemory.v1.SearchRequest,
              dev.cairnmemory.v1.SearchResponse>(
                service, METHODID_SEARCH)))
        .addMethod(
          getAssembleContextMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.cairnmemory.v1.AssembleContextRequest,
              dev.cairnmemory.v1.AssembleContextResponse>(
                service, METHODID_ASSEMBLE_CONTEXT)))
        .build();
  }

  private static abstract class MemoryServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    MemoryServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.cairnmemory.v1.MemoryServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("MemoryService");
    }
  }

  private static final class MemoryServiceFileDescriptorSupplier
      extends MemoryServiceBaseDescriptorSupplier {
    MemoryServiceFileDescriptorSupplier() {}
  }

  private static final class MemoryServiceMethodDescriptorSupplier
      extends MemoryServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    MemoryServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (MemoryServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new MemoryServiceFileDescriptorSupplier())
              .addMethod(getWriteMemoryMethod())
              .addMethod(getBatchWriteMemoriesMethod())
              .addMethod(getGetMemoryMethod())
              .addMethod(getListMemoriesMethod())
              .addMethod(getUpdateMemoryMethod())
              .addMethod(getDeleteMemoryMethod())
              .addMethod(getRestoreMemoryMethod())
              .addMethod(getPurgeMemoryMethod())
              .addMethod(getListRevisionsMethod())
              .addMethod(getSearchMethod())
              .addMethod(getAssembleContextMethod())
              .build();
        }
      }
    }
    return result;
  }
}
