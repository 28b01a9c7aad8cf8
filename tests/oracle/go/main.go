// Command oracle says what PGV's own generated Go thinks of messages: a JSON line in, a JSON line out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "protolith.dev/tests/oracle/gen/three"
	_ "protolith.dev/tests/oracle/gen/two"
)

type question struct {
	Name string
	Data []byte
}

type answer struct {
	// Fields of the message that break rules, by their Go names.
	Fields []string
	// Failed says why there is no verdict.
	Failed string `json:",omitempty"`
}

type several interface{ AllErrors() []error }

type about interface{ Field() string }

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		fields, err := ask(lines.Bytes())
		reply := answer{Fields: fields}
		if err != nil {
			reply.Failed = err.Error()
		}
		if err := out.Encode(reply); err != nil {
			os.Exit(1)
		}
	}
}

func ask(line []byte) ([]string, error) {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	kind, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(asked.Name))
	if err != nil {
		return nil, err
	}
	message := kind.New().Interface()
	if err := proto.Unmarshal(asked.Data, message); err != nil {
		return nil, err
	}
	checked, ok := message.(interface{ ValidateAll() error })
	if !ok {
		return nil, nil
	}
	return broken(checked.ValidateAll())
}

func broken(err error) ([]string, error) {
	if err == nil {
		return nil, nil
	}
	all, ok := err.(several)
	if !ok {
		return nil, fmt.Errorf("not an error of PGV: %w", err)
	}
	var fields []string
	for _, each := range all.AllErrors() {
		fields = append(fields, each.(about).Field())
	}
	return fields, nil
}
