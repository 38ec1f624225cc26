package ann_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ann2snn/importer"
)

// onnxTests is where Debian's package libonnx-testdata puts ONNX's tests; the folders
// are ONNX's own tests of its operators, and layers and functions exported from PyTorch.
const onnxTests = "/usr/share/libonnx-testdata/data"

var onnxTestFolders = []string{"node", "pytorch-converted", "pytorch-operator"}

const (
	skipFile        = "testdata/node_skips.txt"
	conformanceFile = "testdata/conformance.tsv"
)

var update = flag.Bool("update", false, "rewrite "+conformanceFile)

// TestONNXNodeTests runs every node test. Those that skipFile names must fail,
// all others must pass. What came of it is kept in conformanceFile, from which the
// README's table of operators is made.
func TestONNXNodeTests(t *testing.T) {
	tests := findNodeTests(t)
	skips := readSkips(t)
	table := make(conformance)
	for _, nt := range tests {
		skip := skips.of(nt)
		err := nt.run(t.Context())
		switch {
		case skip == nil && err != nil:
			t.Errorf("%s %v: %v", nt.name, nt.ops, err)
		case skip != nil && err == nil:
			t.Errorf("%s passes, but %s skips it as %q", nt.name, skipFile, skip.pattern)
		}
		table.count(nt, skip)
	}
	skips.checkUsed(t)
	compareGolden(t, table.encode())
}

func findNodeTests(t *testing.T) []nodeTest {
	t.Helper()
	var tests []nodeTest
	for _, folder := range onnxTestFolders {
		dirs, err := os.ReadDir(filepath.Join(onnxTests, folder))
		if err != nil {
			missing(t, "the ONNX node tests are missing (Debian's libonnx-testdata): %v", err)
		}
		for _, d := range dirs {
			nt, err := readNodeTest(filepath.Join(onnxTests, folder, d.Name()))
			if err != nil {
				t.Fatal(err)
			}
			tests = append(tests, nt)
		}
	}
	return tests
}

// missing skips a test whose oracle is not there, or fails it where it must be.
func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("ANN2SNN_REQUIRE_DATA") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf("SKIPPED, NOT TESTED: "+format, args...)
}

// skip is a line of skipFile: "operator NAME reason" skips the tests whose models
// contain an operator, "test GLOB reason" those whose names match.
type skip struct {
	kind, pattern, reason string
	used                  bool
}

type skipList []*skip

func readSkips(t *testing.T) skipList {
	t.Helper()
	data, err := os.ReadFile(skipFile)
	if err != nil {
		t.Fatal(err)
	}
	var list skipList
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		field := strings.SplitN(line, " ", 3)
		if len(field) != 3 || field[0] != "operator" && field[0] != "test" {
			t.Fatalf("%s: cannot read %q", skipFile, line)
		}
		list = append(list, &skip{kind: field[0], pattern: field[1], reason: field[2]})
	}
	return list
}

// of returns the skip for a test, or nil: that of the test itself if there is one.
func (l skipList) of(nt nodeTest) *skip {
	var found *skip
	for _, s := range l {
		matches := slices.Contains(nt.ops, s.pattern)
		if s.kind == "test" {
			matches, _ = path.Match(s.pattern, nt.name)
		}
		if !matches {
			continue
		}
		s.used = true
		if found == nil || s.kind == "test" {
			found = s
		}
	}
	return found
}

// checkUsed fails where the list skips nothing, or an operator that we claim.
func (l skipList) checkUsed(t *testing.T) {
	t.Helper()
	for _, s := range l {
		if !s.used {
			t.Errorf("%s: %s %s matches no test", skipFile, s.kind, s.pattern)
		}
		if s.kind == "operator" && claimed(s.pattern) {
			t.Errorf("%s skips all tests of %s, which the importer claims to support", skipFile, s.pattern)
		}
	}
}

func claimed(operator string) bool {
	return slices.ContainsFunc(importer.Operators(), func(o importer.Operator) bool { return o.Name == operator })
}

// conformance counts tests by operator.
type conformance map[string]*score

type score struct {
	passed, skipped int
	reasons         []string
}

// severalOperators is the row for models of several operators, which mostly spell out
// the definition of another one.
const severalOperators = "(several)"

func (c conformance) count(nt nodeTest, s *skip) {
	row := severalOperators
	if len(nt.ops) == 1 {
		row = nt.ops[0]
	}
	if c[row] == nil {
		c[row] = new(score)
	}
	if s == nil {
		c[row].passed++
		return
	}
	c[row].skipped++
	if !slices.Contains(c[row].reasons, s.reason) {
		c[row].reasons = append(c[row].reasons, s.reason)
	}
}

// encode writes a line per operator, sorted: name, tests passed, tests skipped, reasons.
func (c conformance) encode() []byte {
	var b bytes.Buffer
	b.WriteString("operator\tpassed\tskipped\treasons\n")
	for _, name := range slices.SortedFunc(maps.Keys(c), cmp.Compare[string]) {
		s := c[name]
		reasons := strings.Join(s.reasons, "; ")
		if name == severalOperators {
			reasons = ""
		}
		fmt.Fprintf(&b, "%s\t%d\t%d\t%s\n", name, s.passed, s.skipped, reasons)
	}
	return b.Bytes()
}

func compareGolden(t *testing.T, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(conformanceFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(conformanceFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale (run go test ./internal/ann -run ONNXNodeTests -update); it should be\n%s", conformanceFile, got)
	}
}
