package rest

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// describe says what is wrong with a parameter, in the words of the contract.
func describe(field protoreflect.FieldDescriptor, values []string, err error) string {
	if !strings.HasPrefix(err.Error(), "parsing ") {
		return err.Error()
	}
	return fmt.Sprintf("%q is not a valid %s", strings.Join(values, ", "), typeName(field))
}

func typeName(field protoreflect.FieldDescriptor) string {
	switch {
	case field.IsMap():
		return "map entry"
	case field.Message() != nil:
		return string(field.Message().FullName())
	case field.Enum() != nil:
		return string(field.Enum().Name())
	}
	return field.Kind().String()
}

var jsonPosition = regexp.MustCompile(`^(.*?)\(line (\d+):(\d+)\): (.*)$`)

// describeJSON makes of protojson's error what a client can use: position and reason.
func describeJSON(err error) error {
	text := strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\u00a0", " "), "proto: ")
	if m := jsonPosition.FindStringSubmatch(text); m != nil {
		text = fmt.Sprintf("line %s, column %s: %s%s", m[2], m[3], m[1], m[4])
	}
	return fmt.Errorf("request body: %s", text)
}
