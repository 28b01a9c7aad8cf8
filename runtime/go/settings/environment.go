package settings

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// environment reads typed variables and collects what is wrong with them.
type environment struct {
	lookup   func(string) (string, bool)
	problems []error
}

func (e *environment) problem(name, value, want string) {
	e.problems = append(e.problems, fmt.Errorf("%s is %q: %s", name, value, want))
}

// text is the variable as it is: set but empty is empty, not the default.
func (e *environment) text(name, otherwise string) string {
	if value, ok := e.lookup(name); ok {
		return strings.TrimSpace(value)
	}
	return otherwise
}

func (e *environment) number(name string, otherwise, least int) int {
	value := e.text(name, "")
	if value == "" {
		return otherwise
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < least {
		e.problem(name, value, fmt.Sprintf("set it to a whole number, %d or more", least))
		return otherwise
	}
	return n
}

// duration takes Go's notation (1m30s) and plain seconds.
func (e *environment) duration(name string, otherwise time.Duration) time.Duration {
	value := e.text(name, "")
	if value == "" {
		return otherwise
	}
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds >= 0 && seconds < 1e6 {
		return time.Duration(seconds * float64(time.Second))
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		e.problem(name, value, "set it to a time such as 10s or 1m30s")
		return otherwise
	}
	return d
}

func (e *environment) choice(name string, choices ...string) string {
	value := strings.ToLower(e.text(name, choices[0]))
	for _, c := range choices {
		if value == c {
			return c
		}
	}
	e.problem(name, value, "set it to one of: "+strings.Join(choices, ", "))
	return choices[0]
}

func (e *environment) level(name string) slog.Level {
	value := e.choice(name, "info", "debug", "warning", "warn", "error", "critical")
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn,
		"warning": slog.LevelWarn, "error": slog.LevelError, "critical": slog.LevelError,
	}
	return levels[value]
}
