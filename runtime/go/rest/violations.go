package rest

import (
	"fmt"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// violationsFile is what of buf/validate/validate.proto an error carries. Go has no other use for the rest of it.
const violationsFile = `
name: "protolith/violations.proto" package: "buf.validate" syntax: "proto2"
dependency: "google/protobuf/descriptor.proto"
message_type {
  name: "Violations"
  field {name: "violations" number: 1 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".buf.validate.Violation"}
}
message_type {
  name: "Violation"
  field {name: "field" number: 5 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".buf.validate.FieldPath"}
  field {name: "rule" number: 6 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".buf.validate.FieldPath"}
  field {name: "rule_id" number: 2 label: LABEL_OPTIONAL type: TYPE_STRING}
  field {name: "message" number: 3 label: LABEL_OPTIONAL type: TYPE_STRING}
  field {name: "for_key" number: 4 label: LABEL_OPTIONAL type: TYPE_BOOL}
}
message_type {
  name: "FieldPath"
  field {name: "elements" number: 1 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".buf.validate.FieldPathElement"}
}
message_type {
  name: "FieldPathElement"
  field {name: "field_number" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32}
  field {name: "field_name" number: 2 label: LABEL_OPTIONAL type: TYPE_STRING}
  field {name: "field_type" number: 3 label: LABEL_OPTIONAL type: TYPE_ENUM type_name: ".google.protobuf.FieldDescriptorProto.Type"}
  field {name: "key_type" number: 4 label: LABEL_OPTIONAL type: TYPE_ENUM type_name: ".google.protobuf.FieldDescriptorProto.Type"}
  field {name: "value_type" number: 5 label: LABEL_OPTIONAL type: TYPE_ENUM type_name: ".google.protobuf.FieldDescriptorProto.Type"}
  field {name: "index" number: 6 label: LABEL_OPTIONAL type: TYPE_UINT64 oneof_index: 0}
  field {name: "bool_key" number: 7 label: LABEL_OPTIONAL type: TYPE_BOOL oneof_index: 0}
  field {name: "int_key" number: 8 label: LABEL_OPTIONAL type: TYPE_INT64 oneof_index: 0}
  field {name: "uint_key" number: 9 label: LABEL_OPTIONAL type: TYPE_UINT64 oneof_index: 0}
  field {name: "string_key" number: 10 label: LABEL_OPTIONAL type: TYPE_STRING oneof_index: 0}
  oneof_decl {name: "subscript"}
}`

const violationsURL = "type.googleapis.com/buf.validate.Violations"

// known finds the types of error details: the program's own, and buf.validate.Violations.
type known struct {
	*protoregistry.Types
	violations protoreflect.MessageType
}

var details = known{protoregistry.GlobalTypes, violations()}

func (k known) FindMessageByURL(url string) (protoreflect.MessageType, error) {
	if url == violationsURL {
		return k.violations, nil
	}
	return k.Types.FindMessageByURL(url)
}

func violations() protoreflect.MessageType {
	var file descriptorpb.FileDescriptorProto
	if err := prototext.Unmarshal([]byte(violationsFile), &file); err != nil {
		panic(fmt.Sprintf("violations.go: %v", err))
	}
	made, err := protodesc.NewFile(&file, protoregistry.GlobalFiles)
	if err != nil {
		panic(fmt.Sprintf("violations.go: %v", err))
	}
	return dynamicpb.NewMessageType(made.Messages().ByName("Violations"))
}
