package rest

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// checkParameters finds every path and query parameter that does not fit the request message.
// grpc-gateway itself ignores unknown ones and answers only the first bad one, as text.
func (b *binding) checkParameters(r *http.Request, params map[string]string) error {
	var bad []*errdetails.BadRequest_FieldViolation
	for name, value := range params {
		if problem := b.tryPath(name, value); problem != "" {
			bad = append(bad, &errdetails.BadRequest_FieldViolation{Field: name, Description: problem})
		}
	}
	if r.URL.RawQuery != "" {
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return status.Error(codes.InvalidArgument, "the query string cannot be read: check its % escapes")
		}
		for key, values := range query {
			if problem := b.tryQuery(key, values); problem != "" {
				bad = append(bad, &errdetails.BadRequest_FieldViolation{Field: key, Description: problem})
			}
		}
	}
	if bad == nil {
		return nil
	}
	sort.Slice(bad, func(i, j int) bool { return bad[i].GetField() < bad[j].GetField() })
	return badRequest(bad)
}

func (b *binding) tryPath(name, value string) string {
	if !utf8.ValidString(value) {
		return "is not valid UTF-8"
	}
	field := find(b.request.Descriptor(), name)
	if field == nil || (field.Kind() == protoreflect.StringKind && !field.IsList()) {
		return ""
	}
	if err := runtime.PopulateFieldFromPath(b.request.New().Interface(), name, value); err != nil {
		return describe(field, []string{value}, err)
	}
	return ""
}

func (b *binding) tryQuery(key string, values []string) string {
	for _, value := range slices.Concat(values, []string{key}) {
		if !utf8.ValidString(value) {
			return "is not valid UTF-8"
		}
	}
	name, _, _ := strings.Cut(key, "[")
	field := find(b.request.Descriptor(), name)
	if field == nil {
		return "there is no such query parameter"
	}
	if b.bound(name) {
		return "is not taken from the query: " + b.source(name)
	}
	err := runtime.PopulateQueryParameters(b.request.New().Interface(), url.Values{key: values}, noFilter)
	if err != nil {
		return describe(field, values, err)
	}
	return ""
}

var noFilter = utilities.NewDoubleArray(nil)

// bound tells whether the path or the body gives this field.
func (b *binding) bound(name string) bool {
	canonical := canonicalPath(b.request.Descriptor(), name)
	return b.body == "*" || canonical == b.body || (b.body != "" && strings.HasPrefix(canonical, b.body+".")) ||
		slices.Contains(b.path, canonical)
}

func (b *binding) source(name string) string {
	if slices.Contains(b.path, canonicalPath(b.request.Descriptor(), name)) {
		return "it is part of the path"
	}
	return "send it in the body"
}

// find resolves a path of proto or JSON names; nil when there is no such field.
func find(d protoreflect.MessageDescriptor, path string) protoreflect.FieldDescriptor {
	var field protoreflect.FieldDescriptor
	for part := range strings.SplitSeq(path, ".") {
		if d == nil {
			return nil
		}
		if field = d.Fields().ByName(protoreflect.Name(part)); field == nil {
			field = d.Fields().ByJSONName(part)
		}
		if field == nil {
			return nil
		}
		if d = field.Message(); field.Cardinality() == protoreflect.Repeated {
			d = nil
		}
	}
	return field
}

// canonicalPath writes a path that exists with proto names.
func canonicalPath(d protoreflect.MessageDescriptor, path string) string {
	var names []string
	for part := range strings.SplitSeq(path, ".") {
		field := find(d, part)
		names = append(names, string(field.Name()))
		d = field.Message()
	}
	return strings.Join(names, ".")
}
