package settings

import (
	"strings"
	"testing"
	"time"
)

func read(t *testing.T, variables map[string]string) (Settings, error) {
	t.Helper()
	return Read(func(name string) (string, bool) { v, ok := variables[name]; return v, ok }, []string{"user", "chat"})
}

func TestDefaults(t *testing.T) {
	s, err := read(t, nil)
	if err != nil || s.RESTAddr != "127.0.0.1:8080" || s.ServiceAddr != "" || s.Backends["user"] != Local || s.Workers["chat"] != 1 || !s.Edge() {
		t.Error(s, err)
	}
}

func TestOverrides(t *testing.T) {
	s, err := read(t, map[string]string{
		"PROTOLITH_REST_ADDR": "", "PROTOLITH_GRPC_ADDR": "", "PROTOLITH_BACKEND_USER": "dns:///user:9090",
		"PROTOLITH_WORKERS": "3", "PROTOLITH_WORKERS_CHAT": "2", "PROTOLITH_HEARTBEAT": "0", "PROTOLITH_GRACE": "1m30s",
	})
	if err != nil || s.Edge() || s.Backends["user"] != "dns:///user:9090" || s.Backends["chat"] != Local {
		t.Error(s, err)
	}
	if s.Workers["user"] != 3 || s.Workers["chat"] != 2 || s.Heartbeat != 0 || s.Grace != 90*time.Second {
		t.Error(s)
	}
}

func TestEveryBadVariableIsNamed(t *testing.T) {
	bad := map[string]string{"PROTOLITH_WORKERS": "0", "PROTOLITH_GRACE": "soon", "PROTOLITH_LOG_FORMAT": "xml", "PROTOLITH_LOG_LEVEL": "loud"}
	_, err := read(t, bad)
	for name := range bad {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
}
