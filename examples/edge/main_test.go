package main

import (
	"os"
	"strings"
	"testing"
)

// TestAlone: at a terminal, or asked for help, the program says how it is called; an empty pipe
// and a file that is not there are errors.
func TestAlone(t *testing.T) {
	device, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	var out strings.Builder
	if err := run(nil, device, &out); err != nil || out.String() != usage {
		t.Errorf("alone: %q, %v", out.String(), err)
	}
	out.Reset()
	if err := run([]string{"-h"}, strings.NewReader(""), &out); err != nil || out.String() != usage {
		t.Errorf("-h: %q, %v", out.String(), err)
	}
	if err := run(nil, strings.NewReader(""), &out); err == nil || !strings.Contains(err.Error(), "standard input: it is empty") {
		t.Errorf("an empty pipe: %v", err)
	}
	if err := run([]string{"nosuch"}, device, &out); err == nil {
		t.Error("a file that is not there")
	}
}
