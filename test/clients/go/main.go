// The runner of test/scenario.md for both Go modules.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

type plan struct {
	Control string
	CA      string
	Runs    []run
	Storm   struct {
		run
		Count  int
		AtOnce int `json:"at_once"`
	}
}

type run struct {
	Wire    string
	TLS     bool
	URL     string
	Key     string
	ReadKey string `json:"read_key"`
}

func main() {
	text, err := os.ReadFile(os.Getenv("CAIRN_SCENARIO"))
	if err != nil {
		exit(err)
	}
	var told plan
	if err := json.Unmarshal(text, &told); err != nil {
		exit(err)
	}
	for at, run := range told.Runs {
		s, err := newScene(told, run)
		if err != nil {
			exit(err)
		}
		for number, step := range steps {
			detail, ms := timed(func() { step(s) })
			say(map[string]any{"run": at, "step": number + 1, "ok": detail == "", "ms": ms, "detail": detail})
		}
		s.close()
	}
	detail, ms := timed(func() { storm(told) })
	say(map[string]any{"storm": told.Storm.Count, "ok": detail == "", "ms": ms, "detail": detail})
}

// timed answers what was wrong, where something was.
func timed(do func()) (detail string, ms float64) {
	began := time.Now()
	defer func() {
		ms = float64(time.Since(began).Microseconds()) / 1000
		if fault := recover(); fault != nil {
			detail = fmt.Sprint(fault)
		}
	}()
	do()
	return
}

func say(line map[string]any) {
	text, err := json.Marshal(line)
	if err != nil {
		exit(err)
	}
	fmt.Println(string(text))
}

func exit(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
