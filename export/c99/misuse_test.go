package c99_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"ann2snn/export/target"
	"ann2snn/internal/testutil"
	"ann2snn/snn"
)

// TestMisuse uses an export in every wrong way: on this machine by a compiler that stops at
// what C does not define, on the others as the export's Makefile compiles for them.
func TestMisuse(t *testing.T) {
	t.Parallel()
	gcc := testutil.Tool(t, "gcc", "gcc")
	n, _ := demo(t, 2, 2, snn.RestimRefine)
	dir := write(t, n, target.Options{Name: "demo"})
	misuse, err := os.ReadFile(filepath.Join("testdata", "misuse.c"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "misuse.c"), misuse, 0o600); err != nil {
		t.Fatal(err)
	}
	passed := func(t *testing.T, out string) {
		t.Helper()
		if !regexp.MustCompile(`^1\d\d calls, 0 wrong`).MatchString(out) {
			t.Errorf("misuse is not refused:\n%s", out)
		}
	}
	other, _ := demo(t, 2, 2, snn.RestimNone)
	otherDir := write(t, other, target.Options{Name: "other"})
	words := []string{
		gcc, "-std=c99", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror",
		"-DOTHER", "-I", otherDir, "-o", "misuse", "misuse.c", "demo.c", "demo_data.c",
		filepath.Join(otherDir, "other.c"), filepath.Join(otherDir, "other_data.c"),
	}
	command(t, dir, words...)
	passed(t, command(t, dir, "./misuse"))
	long(t)
	for _, b := range boards {
		t.Run(b.name, func(t *testing.T) {
			b.need(t)
			passed(t, command(t, dir, "make", "-s", "test-"+b.name, "TEST=misuse.c demo.c demo_data.c"))
		})
	}
}
