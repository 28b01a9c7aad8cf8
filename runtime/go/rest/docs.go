package rest

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/swaggest/swgui/v5emb"
)

// withDocs adds the OpenAPI document and Swagger UI (embedded, works offline) to the routes of next.
func withDocs(openAPI []byte, next http.Handler) http.Handler {
	ui := v5emb.New(title(openAPI), "/openapi.json", "/docs/")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case path == "/openapi.json" && r.Method == http.MethodGet:
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(openAPI) // a client that went away is no error of ours
		case strings.HasPrefix(path, "/docs/"):
			ui.ServeHTTP(w, r)
		case path == "/docs" || path == "/":
			http.Redirect(w, r, "/docs/", http.StatusFound)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// title is the document's own; a document without one is shown all the same.
func title(openAPI []byte) string {
	var document struct{ Info struct{ Title string } }
	if json.Unmarshal(openAPI, &document) != nil || document.Info.Title == "" {
		return "API"
	}
	return document.Info.Title
}
