package contract

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Files reads the image. Services and rpcs of the image that the table does not have are left out of it.
func (c Contract) Files() (*protoregistry.Files, error) {
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(c.Image, &set); err != nil {
		return nil, fmt.Errorf("the embedded image cannot be read (%w): run `make gen`", err)
	}
	known := map[string]bool{}
	for _, path := range c.Methods() {
		known[path] = true
	}
	for _, file := range set.GetFile() {
		keepKnown(file, known)
	}
	files, err := protodesc.NewFiles(&set)
	if err != nil {
		return nil, fmt.Errorf("the embedded image is inconsistent (%w): run `make gen`", err)
	}
	return files, c.complete(files)
}

func keepKnown(file *descriptorpb.FileDescriptorProto, known map[string]bool) {
	var services []*descriptorpb.ServiceDescriptorProto
	for _, s := range file.GetService() {
		var methods []*descriptorpb.MethodDescriptorProto
		for _, m := range s.GetMethod() {
			if known["/"+file.GetPackage()+"."+s.GetName()+"/"+m.GetName()] {
				methods = append(methods, m)
			}
		}
		if s.Method = methods; len(methods) > 0 {
			services = append(services, s)
		}
	}
	file.Service = services
}

// complete checks that the image describes every service of the table.
func (c Contract) complete(files *protoregistry.Files) error {
	for _, s := range c.Services {
		d, err := files.FindDescriptorByName(protoreflect.FullName(s.Name))
		if err != nil {
			return fmt.Errorf("the embedded image lacks %s: run `make gen`", s.Name)
		}
		if n := d.(protoreflect.ServiceDescriptor).Methods().Len(); n != len(s.Methods) {
			return fmt.Errorf("the embedded image has %d of the %d rpcs of %s: run `make gen`", n, len(s.Methods), s.Name)
		}
	}
	return nil
}
