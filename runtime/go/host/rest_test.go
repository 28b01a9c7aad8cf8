package host

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// answer is what a test reads of a google.rpc.Status.
type answer struct {
	Code    int
	Message string
	Details []struct {
		Type            string `json:"@type"`
		FieldViolations []struct{ Field, Description, Reason string }
	}
}

var goNames = regexp.MustCompile(`strconv|echo\.\w+Request|\*\w+|json:|proto:|runtime error|goroutine`)

func TestBadInput(t *testing.T) {
	up := startUpstream(t)
	r := startHost(t, testSettings(up.address))
	long := strings.Repeat("x", 70<<10)
	const ct = "application/json"
	for name, c := range map[string]struct {
		method, path, contentType, body string
		status, code                    int
		message                         string // part of it
		fields                          string // of BadRequest
	}{
		"unknown field":         {"POST", "/v1/notes", ct, `{"text":"a","nick":1}`, 400, 3, `unknown field "nick"`, ""},
		"broken JSON":           {"POST", "/v1/notes", ct, `{"text":`, 400, 3, "request body: ", ""},
		"not an object":         {"POST", "/v1/notes", ct, `[]`, 400, 3, "line 1, column 1", ""},
		"two objects":           {"POST", "/v1/notes", ct, `{} {}`, 400, 3, "request body: ", ""},
		"empty body":            {"POST", "/v1/notes", ct, ``, 400, 3, "request body: empty", ""},
		"wrong type":            {"POST", "/v1/notes", ct, `{"size":"many"}`, 400, 3, "size", ""},
		"out of range":          {"POST", "/v1/notes", ct, `{"size":3000000000}`, 400, 3, "size", ""},
		"bad base64":            {"POST", "/v1/notes", ct, `{"data":"%%"}`, 400, 3, "data", ""},
		"bad UTF-8":             {"POST", "/v1/notes", ct, "{\"text\":\"\xff\"}", 400, 3, "UTF-8", ""},
		"nested unknown field":  {"POST", "/v1/notes", ct, `{"parent":{"nick":1}}`, 400, 3, `unknown field "nick"`, ""},
		"form":                  {"POST", "/v1/notes", "application/x-www-form-urlencoded", `text=a`, 415, 3, "application/json", ""},
		"nonsense content type": {"POST", "/v1/notes", ";;", `{}`, 415, 3, "application/json", ""},
		"too large":             {"POST", "/v1/notes", ct, `{"text":"` + long + `"}`, 413, 8, "larger than 65536 bytes", ""},
		"PATCH broken":          {"PATCH", "/v1/notes/7", ct, `{"text":`, 400, 3, "request body: ", ""},
		"PATCH unknown field":   {"PATCH", "/v1/notes/7", ct, `{"nick":1}`, 400, 3, `unknown field "nick"`, ""},
		"PATCH empty":           {"PATCH", "/v1/notes/7", ct, ``, 400, 3, "request body: empty", ""},
		"query on POST":         {"POST", "/v1/notes?text=a", ct, `{}`, 400, 3, "text: ", "text"},
		"unknown query":         {"GET", "/v1/notes?nick=1&pageSize=2", "", ``, 400, 3, "no such query parameter", "nick"},
		"unknown query on POST": {"POST", "/v1/notes?nick=1", ct, `{}`, 400, 3, "no such query parameter", "nick"},
		"bad query values":      {"GET", "/v1/notes?pageSize=many&state=NONE&since=now", "", ``, 400, 3, `"many" is not a valid int32`, "pageSize since state"},
		"query value twice":     {"GET", "/v1/notes?pageSize=1&pageSize=2", "", ``, 400, 3, "too many values", "pageSize"},
		"query of the path":     {"GET", "/v1/notes/7?id=8", "", ``, 400, 3, "part of the path", "id"},
		"query below a scalar":  {"GET", "/v1/notes?pageSize.x=8", "", ``, 400, 3, "no such query parameter", "pageSize.x"},
		"query bad escape":      {"GET", "/v1/notes?pageSize=%zz", "", ``, 400, 3, "query string", ""},
		"query bad UTF-8":       {"GET", "/v1/notes?tags=%ff", "", ``, 400, 3, "UTF-8", "tags"},
		"path bad UTF-8":        {"GET", "/v1/notes/%ff", "", ``, 400, 3, "UTF-8", "id"},
		"unknown route":         {"GET", "/v1/nothing", "", ``, 404, 5, "/v1/nothing", ""},
		"wrong method":          {"DELETE", "/v1/notes", "", ``, 405, 12, "use GET, POST", ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := up.Calls.Load()
			response, body := r.send(c.method, c.path, c.contentType, c.body)
			var got answer
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatalf("%v: %s", err, body)
			}
			if response.StatusCode != c.status || got.Code != c.code || !strings.Contains(got.Message, c.message) {
				t.Errorf("got %d %s; want %d, code %d, %q", response.StatusCode, body, c.status, c.code, c.message)
			}
			if fields := fieldsOf(got); fields != c.fields {
				t.Errorf("fields %q, want %q", fields, c.fields)
			}
			if leak := goNames.FindString(body); leak != "" {
				t.Errorf("%q is no word for a client: %s", leak, body)
			}
			if up.Calls.Load() != before {
				t.Error("the backend was reached")
			}
		})
	}
}

func fieldsOf(a answer) string {
	var fields []string
	for _, d := range a.Details {
		for _, v := range d.FieldViolations {
			fields = append(fields, v.Field)
		}
	}
	return strings.Join(fields, " ")
}

func TestREST(t *testing.T) {
	up := startUpstream(t)
	r := startHost(t, testSettings(up.address))
	const ct = "application/json; charset=utf-8"
	for name, c := range map[string]struct {
		method, path, contentType, body string
		status                          int
		want                            string // JSON, compared without white space
	}{
		"all fields present":     {"POST", "/v1/notes", ct, `{"text":"a"}`, 200, `{"id":"new","text":"a","size":0,"state":"STATE_UNSPECIFIED","data":"","createTime":null,"labels":{}}`},
		"no content type":        {"POST", "/v1/notes", "", `{"text":"a"}`, 200, `"text":"a"`},
		"path":                   {"GET", "/v1/notes/a%2Fb", "", ``, 200, `"id":"a/b"`},
		"query":                  {"GET", "/v1/notes?pageSize=3&state=STATE_DONE&tags=x&tags=y&filter.id=9&since=2026-01-02T03:04:05Z", "", ``, 200, `{"notes":[{"id":"9","text":"x,y","size":3,"state":"STATE_DONE","data":"","createTime":"2026-01-02T03:04:05Z","labels":{}}]}`},
		"query by proto name":    {"GET", "/v1/notes?page_size=3", "", ``, 200, `"size":3`},
		"update mask":            {"PATCH", "/v1/notes/7", ct, `{"text":"a","createTime":null,"size":0}`, 200, `"text":"create_time,size,text"`},
		"update mask given":      {"PATCH", "/v1/notes/7?updateMask=text", ct, `{"size":0}`, 200, `"text":"text"`},
		"empty body, all bound":  {"POST", "/v1/notes/7:confirm", "", ``, 200, `"id":"7"`},
		"not found":              {"GET", "/v1/notes/missing", "", ``, 404, `{"code":5,"message":"nosuchnote","details":[]}`},
		"details":                {"GET", "/v1/notes/bad", "", ``, 400, `"details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"id","description":"isbad","reason":"string.bad"`},
		"quota":                  {"GET", "/v1/notes/quota", "", ``, 429, `"code":8`},
		"client stream":          {"POST", "/v1/notes:upload", ct, "{\"id\":\"1\"}\n{\"id\":\"2\"}", 200, `{"notes":[{"id":"1",`},
		"stream":                 {"GET", "/v1/notes/7:watch", "", ``, 200, `{"result":{"id":"7","text":"","size":1,`},
		"stream that breaks off": {"GET", "/v1/notes/fail:watch", "", ``, 200, `{"error":{"code":10,"message":"brokenoff","details":[]}}`},
		"stream that fails":      {"GET", "/v1/notes/missing:watch", "", ``, 404, `{"error":{"code":5,`},
	} {
		t.Run(name, func(t *testing.T) {
			response, body := r.send(c.method, c.path, c.contentType, c.body)
			if got := strings.ReplaceAll(body, " ", ""); response.StatusCode != c.status || !strings.Contains(got, c.want) {
				t.Errorf("got %d %s; want %d %s", response.StatusCode, got, c.status, c.want)
			}
		})
	}
}

func TestTooLargeWithoutLength(t *testing.T) {
	r := startHost(t, testSettings(startUpstream(t).address))
	reader, writer := io.Pipe()
	go func() {
		_, _ = io.WriteString(writer, `{"text":"`+strings.Repeat("x", 70<<10)+`"}`)
		_ = writer.Close()
	}()
	request, _ := http.NewRequest("POST", r.url("rest", "/v1/notes"), reader)
	response, body := r.do(request)
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d %s", response.StatusCode, body)
	}
}

func TestMetadataOverREST(t *testing.T) {
	r := startHost(t, testSettings(startUpstream(t).address))
	request, _ := http.NewRequest("POST", r.url("rest", "/v1/notes"), strings.NewReader(`{}`))
	request.Header.Set("Traceparent", "hello")
	response, body := r.do(request)
	if got := response.Header.Get("Grpc-Metadata-X-Header"); got != "hello" {
		t.Errorf("header %q, body %s", got, body)
	}
}

func TestAllowHeader(t *testing.T) {
	r := startHost(t, testSettings(startUpstream(t).address))
	response, _ := r.send("DELETE", "/v1/notes/7", "", "")
	if got := response.Header.Get("Allow"); got != "GET, PATCH" {
		t.Errorf("Allow is %q", got)
	}
}

func TestDocs(t *testing.T) {
	r := startHost(t, testSettings(startUpstream(t).address))
	for path, want := range map[string]string{"/openapi.json": "3.1.0", "/docs/": "<title>Echo"} {
		if response, body := r.send("GET", path, "", ""); response.StatusCode != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", path, response.StatusCode, body)
		}
	}
	_, page := r.send("GET", "/docs/", "", "")
	if regexp.MustCompile(`(src|href)="https?:`).MatchString(page) {
		t.Errorf("Swagger UI loads something from elsewhere: %s", page)
	}
	if response, _ := r.send("GET", "/", "", ""); response.Header.Get("Location") != "/docs/" {
		t.Errorf("/ leads to %q", response.Header.Get("Location"))
	}
}
