"""A protoc plugin: messages, their types and grpcio stubs in one go, by grpcio-tools, with imports that work inside a package.

grpcio-tools writes `from cairn.v1 import memory_pb2`, which needs the output folder on sys.path and takes the top-level name `cairn` from
everybody else. All files of one proto package lie in one folder, so that `from . import memory_pb2` says the same.
"""

import re
import sys
import tempfile
from pathlib import Path

from google.protobuf.compiler.plugin_pb2 import CodeGeneratorRequest, CodeGeneratorResponse
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

from protoc_gen_exports import grpc_exports, grpc_services, own_files

OWN_IMPORT = re.compile(r"^from cairn\.v1 import ", re.MULTILINE)


def generate(request: CodeGeneratorRequest) -> CodeGeneratorResponse:
    response = CodeGeneratorResponse(supported_features=CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL)
    with tempfile.TemporaryDirectory() as folder:
        descriptors = Path(folder, "descriptors.binpb")
        descriptors.write_bytes(FileDescriptorSet(file=request.proto_file).SerializeToString(deterministic=True))
        out = Path(folder, "out")
        out.mkdir()
        outputs = [f"--{kind}_out={out}" for kind in ("python", "pyi", "grpc_python")]
        code = protoc.main(["protoc", f"--descriptor_set_in={descriptors}", *outputs, *request.file_to_generate])
        if code != 0:
            response.error = f"grpc_tools.protoc ended with {code}"
            return response
        files = {path.relative_to(out): path.read_text("utf-8") for path in out.rglob("*.py*")}
    for name in {parent for path in files for parent in path.parents}:
        files[name / "__init__.py"] = ""
    protos = own_files(request)
    files[Path("exports.py")] = grpc_exports(protos)
    files[Path("services.py")] = grpc_services(protos)
    for path, text in sorted(files.items()):
        response.file.add(name=path.as_posix(), content=OWN_IMPORT.sub("from . import ", text))
    return response


if __name__ == "__main__":
    read = CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    sys.stdout.buffer.write(generate(read).SerializeToString())
