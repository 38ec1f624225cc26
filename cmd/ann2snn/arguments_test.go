package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// FuzzArguments runs the program with words, one a line, up to where its work begins: the work
// itself was interrupted before. Whatever the words are, the program ends with a code that it
// documents and with an error where that is not 0, says nothing twice in different ways, and
// leaves the folder as it was.
func FuzzArguments(f *testing.F) {
	calls, err := os.ReadFile("testdata/wrong.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(calls)) {
		if call, ok := strings.CutPrefix(line, "$ "); ok {
			f.Add(strings.Join(strings.Fields(call), "\n"))
		}
	}
	for _, words := range []string{
		"", "demo", "demo\n-f\n--bits\n2", "bench\nnet.snn\n--threads\n99999999", "completion\nbash", "help\ncompare",
		"convert\nmodel.onnx\n--data\nx.npy\n--preprocess\nmnist\n--mean\n1,2\n--layer-bits\na=1,b=2\n--max-memory\n1e3KiB",
		"__complete\nconvert\n--", "run\n--\nnet.snn\n-x", "inspect\n\n--json\n-q=false", "export\nnet.snn\n--target=c\n--out=\x1b[31m",
	} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		if strings.Contains(words, "/") { // paths out of the folder, such as that of a device
			t.Skip("paths are for other tests")
		}
		dir := t.TempDir()
		t.Chdir(dir)
		for _, name := range []string{"model.onnx", "net.snn", "x.npy"} {
			write(t, name, []byte("nothing"))
		}
		before := listing(t)
		args := strings.Split(words, "\n")
		code, stdout, stderr := interruptedRun(args)
		if !slices.Contains([]int{exitOK, exitFailure, exitUsage}, code) || (code == exitOK) == strings.Contains("\n"+stderr, "\nerror: ") {
			t.Fatalf("%q: exit code %d\n%s", args, code, stderr)
		}
		if strings.Contains(stderr, "this is a bug") {
			t.Fatalf("%q: %s", args, stderr)
		}
		for _, r := range stderr {
			if r != '\n' && !strconv.IsPrint(r) || r == utf8.RuneError && !strings.ContainsFunc(words, unprintable) {
				t.Fatalf("%q: the message has %U: %q", args, r, stderr)
			}
		}
		if again, stdout2, stderr2 := interruptedRun(args); again != code || stdout2 != stdout || stderr2 != stderr {
			t.Fatalf("%q: first %d\n%s%s\nthen %d\n%s%s", args, code, stdout, stderr, again, stdout2, stderr2)
		}
		if diff := cmp.Diff(before, listing(t)); diff != "" {
			t.Fatalf("%q changes the folder (-before +after):\n%s", args, diff)
		}
	})
}

func unprintable(r rune) bool { return r == utf8.RuneError || !strconv.IsPrint(r) }

// interruptedRun runs the program in a context that has ended.
func interruptedRun(args []string) (code int, stdout, stderr string) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1)) // as run does
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var out, err bytes.Buffer
	code = newApp(strings.NewReader(""), &out, &err).run(ctx, args)
	return code, out.String(), inUse.ReplaceAllString(err.String(), "some of the")
}

// inUse is what errors of the budget say of the memory that the process holds.
var inUse = regexp.MustCompile(`\S+ (bytes|[kMGTE]?B) of the`)
