//go:build !purego

package kernels

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

// emulator joins the package where kernels are emulated, which any processor can.
const emulator = `package kernels

import (
	"os"
	"path/filepath"
	"sync"
	"unsafe"

	"ann2snn/internal/kernels/emulate"
	"golang.org/x/sys/cpu"
)

var (
	program = load()
	ran     sync.Map // the names of kernels
)

func load() emulate.Program {
	x := &cpu.X86
	x.HasAVX2, x.HasFMA, x.HasAVXVNNI = true, true, true
	x.HasAMXTile, x.HasAMXInt8 = true, true
	mayUseTiles = func() bool { return true }
	x.HasAVX512F, x.HasAVX512BW, x.HasAVX512VL, x.HasAVX512DQ, x.HasAVX512VNNI = true, true, true, true, true
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

// lastTest joins the tests: tests run in the order of their files. It wants a kernel of
// every kind to have run.
const lastTest = `package kernels

import (
	"regexp"
	"testing"
)

func TestZKernelsRan(t *testing.T) {
	kind := regexp.MustCompile("^(.*(?:AMX|AVX512|AVX2Wide|AVX2|AVXVNNI))(?:[0-9]+x[0-9]+)?$")
	kinds := map[string]int{"peak8AMX": 1, "peak8AVX512": 1, "peakf32AVX512": 1, "peakf32AVX2": 1} // for benchmarks
	for kernel := range program {
		name := kind.FindStringSubmatch(kernel)[1]
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

// TestEmulatedAMD64 runs the tests of the kernels with an emulator in place of the
// processor: also those of processors that this one is not.
func TestEmulatedAMD64(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the package again and emulates a processor")
	}
	binary := filepath.Join(t.TempDir(), "kernels.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-overlay", emulatorOverlay(t), "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tests := "^Test(Conv8|MaxPool8|Sparse8|Totals8|Winograd8|Quantise8|GemmF32|ConvF32|WindowF32|EachF32|ZKernelsRan)"
	out, err := exec.CommandContext(t.Context(), binary, "-test.v", "-test.short", "-test.run", tests).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "PASS: TestZKernelsRan") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// emulatorOverlay writes what replaces the kernels in assembly when the package is built.
func emulatorOverlay(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
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
	bodies := []byte(emulator)
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
	write(filepath.Join(dir, "zemulator_amd64_test.go"), lastTest)
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(temporary, "overlay.json")
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return overlay
}
