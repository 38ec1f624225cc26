package kerneltest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// stub is the declaration of a kernel in assembly.
var stub = regexp.MustCompile(`//go:noescape\nfunc (\w+)(\(t \*\w+\))`)

// features replaces what package cpu detects: the emulator has what any set needs.
const features = `package cpu

func detect() (f Features) {
	for i := range sets {
		if sets[i].Arch == "amd64" {
			f |= sets[i].Needs
		}
	}
	return f
}
`

// emulator joins the package whose kernels are emulated: it runs what the assembly would.
const emulator = `
import (
	"os"
	"path/filepath"
	"sync"
	"unsafe"

	"ann2snn/internal/kernels/emulate"
)

var (
	program = load()
	ran     sync.Map // the names of kernels
)

func load() emulate.Program {
	names, err := filepath.Glob("za*_amd64.s")
	if err != nil {
		panic(err)
	}
	var files [][]byte
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		files = append(files, text)
	}
	p, err := emulate.Parse(files...)
	if err != nil {
		panic(err)
	}
	return p
}

func run(kernel string, tile unsafe.Pointer) {
	ran.Store(kernel, true)
	program.Run(kernel, tile)
}
`

// lastTest joins the tests. It runs last, as tests run in the order of their files, and
// fails if no kernel of some kind has run.
const lastTest = `
import (
	"regexp"
	"strings"
	"testing"
)

func TestZKernelsRan(t *testing.T) {
	kind := regexp.MustCompile("^(.*(?:AMX|AVX512|AVX2Wide|AVX2|AVXVNNI))(?:[0-9]+x[0-9]+)?$")
	kinds := map[string]int{}
	for kernel := range program {
		name := kind.FindStringSubmatch(kernel)[1]
		if strings.HasPrefix(name, "peak") {
			continue // for benchmarks
		}
		kinds[name] += 0
		if _, ok := ran.Load(kernel); ok {
			kinds[name]++
		} else {
			t.Logf("not run: %s", kernel)
		}
	}
	for name, n := range kinds {
		if n == 0 {
			t.Errorf("no test runs %s", name)
		}
	}
}
`

// TestEmulated runs the tests of the package in the working directory whose names match
// a pattern, with an emulator in place of the processor: also the kernels for processors
// that this one is not. Every kind of kernel has to run.
func TestEmulated(t *testing.T, tests string) {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles the package again and emulates a processor")
	}
	t.Parallel() // with the other emulated processor: both run in processes of their own
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "kernels.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-overlay", overlay(t, dir), "-o", binary, ".") //nolint:gosec // a test builds its own package
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), binary, "-test.v", "-test.short", "-test.run", "^("+tests+"|TestZKernelsRan)").CombinedOutput() //nolint:gosec // a test runs what it has built
	if err != nil || !strings.Contains(string(out), "PASS: TestZKernelsRan") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// overlay writes what replaces the kernels in assembly when the package in a directory is
// built.
func overlay(t *testing.T, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "za*_amd64.s"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	replace, temporary := map[string]string{}, t.TempDir()
	write := func(path, text string) {
		replace[path] = filepath.Join(temporary, filepath.Base(path))
		if err := os.WriteFile(replace[path], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pkg := "package " + filepath.Base(dir) + "\n"
	bodies := []byte(pkg + emulator)
	for _, name := range names {
		declarations := strings.TrimSuffix(name, ".s") + ".go"
		text, err := os.ReadFile(declarations)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range stub.FindAllStringSubmatch(string(text), -1) {
			bodies = fmt.Appendf(bodies, "\nfunc %s%s { run(%q, unsafe.Pointer(t)) }\n", m[1], m[2], m[1])
		}
		write(declarations, stub.ReplaceAllString(string(text), ""))
		replace[name] = "" // is not there
	}
	write(filepath.Join(dir, "zemulator_amd64.go"), string(bodies))
	write(filepath.Join(dir, "zemulator_amd64_test.go"), pkg+lastTest)
	write(filepath.Join(dir, "..", "cpu", "detect_amd64.go"), features)
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(temporary, "overlay.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
