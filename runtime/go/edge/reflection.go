package edge

import (
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	reflectionalphapb "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	"protolith.dev/runtime/go/contract"
)

// reflect answers from the contract's image. Only what the host itself adds comes from the program's own
// descriptors: those of generated code would show internal rpcs.
func reflect(server *grpc.Server, c contract.Contract) error {
	image, err := c.Files()
	if err != nil {
		return err
	}
	files := resolver{image: image, own: &protoregistry.Files{}}
	for _, f := range []protoreflect.FileDescriptor{
		healthpb.File_grpc_health_v1_health_proto,
		reflectionpb.File_grpc_reflection_v1_reflection_proto,
		reflectionalphapb.File_grpc_reflection_v1alpha_reflection_proto,
	} {
		if err := files.own.RegisterFile(f); err != nil {
			return err
		}
	}
	options := reflection.ServerOptions{
		Services: server, DescriptorResolver: files, ExtensionResolver: extensions{dynamicpb.NewTypes(image), image},
	}
	reflectionpb.RegisterServerReflectionServer(server, reflection.NewServerV1(options))
	reflectionalphapb.RegisterServerReflectionServer(server, reflection.NewServer(options))
	return nil
}

// resolver looks in the image first, then in the host's own files.
type resolver struct{ image, own *protoregistry.Files }

var _ protodesc.Resolver = resolver{}

func (r resolver) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	if f, err := r.image.FindFileByPath(path); err == nil {
		return f, nil
	}
	return r.own.FindFileByPath(path)
}

func (r resolver) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	if d, err := r.image.FindDescriptorByName(name); err == nil {
		return d, nil
	}
	return r.own.FindDescriptorByName(name)
}

// extensions adds to dynamicpb's types what the reflection server asks in addition.
type extensions struct {
	*dynamicpb.Types
	files *protoregistry.Files
}

// RangeExtensionsByMessage visits the extensions of a message that the image's files declare at their top level.
func (e extensions) RangeExtensionsByMessage(message protoreflect.FullName, visit func(protoreflect.ExtensionType) bool) {
	e.files.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		declared := file.Extensions()
		for i := range declared.Len() {
			x := declared.Get(i)
			if x.ContainingMessage().FullName() == message && !visit(dynamicpb.NewExtensionType(x)) {
				return false
			}
		}
		return true
	})
}
