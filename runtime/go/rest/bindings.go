package rest

import (
	"fmt"
	"regexp"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	"protolith.dev/runtime/go/contract"
)

// binding is one REST route of an rpc, as google.api.http declares it.
type binding struct {
	request  protoreflect.MessageType
	body     string // "", "*" or a field of the request
	path     []string
	streamed bool // the body is a row of messages
}

var pathVariable = regexp.MustCompile(`\{([^}=]+)(=[^}]*)?\}`)

// readBindings finds all routes. Their key is what [routeKey] makes of a matched route.
func readBindings(c contract.Contract) (map[string]*binding, error) {
	files, err := c.Files()
	if err != nil {
		return nil, err
	}
	bindings := map[string]*binding{}
	for _, s := range c.Services {
		d, err := files.FindDescriptorByName(protoreflect.FullName(s.Name))
		if err != nil {
			return nil, fmt.Errorf("the embedded image lacks %s: run `make gen`", s.Name)
		}
		methods := d.(protoreflect.ServiceDescriptor).Methods()
		for i := range methods.Len() {
			addMethod(bindings, methods.Get(i))
		}
	}
	return bindings, nil
}

func addMethod(bindings map[string]*binding, method protoreflect.MethodDescriptor) {
	rule, _ := proto.GetExtension(method.Options(), annotations.E_Http).(*annotations.HttpRule)
	if rule == nil {
		return
	}
	for _, r := range append([]*annotations.HttpRule{rule}, rule.GetAdditionalBindings()...) {
		verb, template := route(r)
		b := &binding{request: messageType(method.Input()), body: r.GetBody(), streamed: method.IsStreamingClient()}
		for _, match := range pathVariable.FindAllStringSubmatch(template, -1) {
			b.path = append(b.path, match[1])
		}
		bindings[routeKey(verb, template)] = b
	}
}

func route(r *annotations.HttpRule) (verb, template string) {
	switch p := r.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return "GET", p.Get
	case *annotations.HttpRule_Put:
		return "PUT", p.Put
	case *annotations.HttpRule_Post:
		return "POST", p.Post
	case *annotations.HttpRule_Delete:
		return "DELETE", p.Delete
	case *annotations.HttpRule_Patch:
		return "PATCH", p.Patch
	case *annotations.HttpRule_Custom:
		return p.Custom.GetKind(), p.Custom.GetPath()
	}
	return "", ""
}

// routeKey writes {id} as grpc-gateway's patterns print it: {id=*}.
func routeKey(verb, template string) string {
	return verb + " " + pathVariable.ReplaceAllStringFunc(template, func(variable string) string {
		match := pathVariable.FindStringSubmatch(variable)
		if match[2] == "" {
			return "{" + match[1] + "=*}"
		}
		return variable
	})
}

// messageType prefers the generated type: well-known types parse from a query only as such.
func messageType(d protoreflect.MessageDescriptor) protoreflect.MessageType {
	if t, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName()); err == nil {
		return t
	}
	return dynamicpb.NewMessageType(d)
}

// bodyOptional tells whether an empty body loses nothing: the path binds every field of the request.
func (b *binding) bodyOptional() bool {
	return b.body == "*" && b.request.Descriptor().Fields().Len() == len(b.path)
}
