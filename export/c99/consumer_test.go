package c99_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ann2snn/export"
	"ann2snn/export/c99"
	"ann2snn/export/target"
	"ann2snn/internal/demonet"
	"ann2snn/internal/testutil"
	"ann2snn/snn"
)

// digits is how the demonstration network wants its pictures.
const digits = `{"scale":0.00392156862745098,"mean":[0.5],"std":[0.5],"resize":0,"crop":28,"layout":"nchw","channels":"rgb"}`

// demo returns the demonstration network and samples of it.
func demo(t *testing.T, bits, steps int, restim snn.Restim) (*snn.Network, [][]float32) {
	t.Helper()
	n := demonet.Network(t, bits, steps, restim)
	n.Meta.Preprocess = []byte(digits)
	samples := 100
	if testing.Short() {
		samples = 5
	}
	return n, demonet.Samples(t, samples)
}

// write exports a network into a new folder and returns its path.
func write(t *testing.T, n *snn.Network, o target.Options) string {
	t.Helper()
	files, err := c99.Target.Files(n, o)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), o.Name)
	if err := export.Write(dir, files, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return dir
}

// command runs a program in a folder and returns what it prints.
func command(t *testing.T, dir string, words ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(words, " "), err, out)
	}
	return string(out)
}

// long leaves a test out of short runs: most of its time goes into compilers.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles a lot")
	}
}

// TestDemoOnThisMachine runs the demonstration network in every mode by both compilers,
// one of which stops at what C does not define.
func TestDemoOnThisMachine(t *testing.T) {
	t.Parallel()
	gcc, clang := testutil.Tool(t, "gcc", "gcc"), testutil.Tool(t, "clang", "clang")
	for i, mode := range []struct {
		bits, steps int
		restim      snn.Restim
	}{{4, 2, snn.RestimRefine}, {8, 1, snn.RestimNone}, {2, 3, snn.RestimSigned}, {3, 2, snn.RestimNone}, {3, 2, snn.RestimWaiting}} {
		n, samples := demo(t, mode.bits, mode.steps, mode.restim)
		verify(t, n, samples, c99.Plain(clang))
		if testing.Short() {
			break
		}
		if i > 0 { // one mode runs all samples
			samples = samples[:20]
		}
		v := verify(t, n, samples, c99.Sanitized(gcc))
		if v.Outputs != len(samples)*28 || v.Spikes == 0 {
			t.Errorf("%+v: verified %+v", mode, v)
		}
	}
}

// TestDemoOnBoards runs the demonstration network's self-test by the export's Makefile.
func TestDemoOnBoards(t *testing.T) {
	t.Parallel()
	long(t)
	testutil.Tool(t, "make", "make")
	n, samples := demo(t, 4, 2, snn.RestimRefine)
	dir := write(t, n, target.Options{Name: "demo", Samples: samples})
	want := "demo: " + strconv.Itoa(len(samples)) + " vectors, 0 wrong"
	for _, b := range boards {
		t.Run(b.name, func(t *testing.T) {
			b.need(t)
			if out := command(t, dir, "make", "-s", "test-"+b.name); !strings.Contains(out, want) {
				t.Errorf("it prints %q", out)
			}
			if out := command(t, dir, "make", "-s", "size-"+b.name); !strings.Contains(out, "TOTALS") {
				t.Errorf("its size is %q", out)
			}
		})
	}
}

// board is a machine of the export's Makefile and what it takes.
type board struct{ name, compiler, compilerFrom, library, qemu, qemuFrom string }

var boards = []board{
	{"m3", "arm-none-eabi-gcc", "gcc-arm-none-eabi", "rdimon.specs", "qemu-system-arm", "qemu-system-arm"},
	{"m55", "arm-none-eabi-gcc", "gcc-arm-none-eabi", "rdimon.specs", "qemu-system-arm", "qemu-system-arm"},
	{"rv32", "riscv64-unknown-elf-gcc", "gcc-riscv64-unknown-elf", "picolibc.specs", "qemu-system-riscv32", "qemu-system-misc"},
}

func (b board) need(t *testing.T) {
	t.Helper()
	compiler := testutil.Tool(t, b.compiler, b.compilerFrom)
	testutil.Tool(t, b.qemu, b.qemuFrom)
	if out := command(t, ".", compiler, "-print-file-name="+b.library); strings.TrimSpace(out) == b.library {
		testutil.Missing(t, "no "+b.library+" for "+b.compiler+" (Debian's libnewlib-arm-none-eabi, picolibc-riscv64-unknown-elf)")
	}
}

// TestDemoOnBigEndian compares every level on a machine of the other order of bytes.
func TestDemoOnBigEndian(t *testing.T) {
	t.Parallel()
	long(t)
	n, samples := demo(t, 4, 2, snn.RestimRefine)
	verify(t, n, samples, s390x(t))
}

func s390x(t *testing.T) c99.Toolchain {
	t.Helper()
	gcc := testutil.Tool(t, "s390x-linux-gnu-gcc", "gcc-s390x-linux-gnu and libc6-dev-s390x-cross")
	return c99.Plain(gcc, testutil.Tool(t, "qemu-s390x", "qemu-user"), "-L", "/usr/s390x-linux-gnu")
}

// TestNewcomer compiles the README's program, as it says, and the self-test without a
// main, in a folder that has nothing but the network.
func TestNewcomer(t *testing.T) {
	t.Parallel()
	long(t)
	gcc := testutil.Tool(t, "gcc", "gcc")
	n, samples := demo(t, 4, 1, snn.RestimNone)
	dir := write(t, n, target.Options{Name: "glyphs", Samples: samples[:2]})
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, program, _ := strings.Cut(string(readme), "```c\n")
	program, _, ok := strings.Cut(program, "```")
	if !ok {
		t.Fatal("the README has no program")
	}
	if err := os.WriteFile(filepath.Join(dir, "main.c"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, dir, gcc, "-std=c99", "-Wall", "-Werror", "-O2", "main.c", "glyphs.c", "glyphs_data.c")
	if out := command(t, dir, "./a.out"); !strings.HasPrefix(out, "class ") {
		t.Errorf("the README's program prints %q", out)
	}
	command(t, dir, gcc, "-std=c99", "-Wall", "-Werror", "-c", "-DGLYPHS_NO_MAIN", "-DGLYPHS_TEST_STEPS", "glyphs_test.c")
}

// TestOtherLanguages compiles the header as C++ and the network for WebAssembly, without
// a library.
func TestOtherLanguages(t *testing.T) {
	t.Parallel()
	long(t)
	clang := testutil.Tool(t, "clang", "clang")
	n, _ := demo(t, 4, 2, snn.RestimRefine)
	dir := write(t, n, target.Options{Name: "demo"})
	command(t, dir, clang, "-x", "c++", "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", "demo.h")
	words := []string{clang, "--target=wasm32", "-O2", "-nostdlib", "-fno-builtin", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror", "-c"}
	command(t, dir, append(words, "demo.c")...)
	command(t, dir, append(words, "demo_data.c")...)
}

func TestWithoutCompiler(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	n, samples := demo(t, 4, 1, snn.RestimNone)
	dir := write(t, n, target.Options{Name: "demo"})
	j := &target.Job{Net: n, Dir: dir, Options: target.Options{Name: "demo"}, Inputs: samples[:1]}
	if _, err := export.Verify(context.Background(), c99.Target, j); !errors.Is(err, target.ErrNoConsumer) {
		t.Errorf("Verify without a compiler: %v", err)
	}
}

// TestFaultyExport is found out by Verify.
func TestFaultyExport(t *testing.T) {
	t.Parallel()
	long(t)
	testutil.Tool(t, "gcc", "gcc")
	n, samples := demo(t, 4, 1, snn.RestimNone)
	for _, fault := range []struct{ old, is, complaint string }{
		{"(theta[i] >> 1)", "(theta[i] >> 2)", `layer "/conv1/Conv", step 1: element`},
		{"h->total[i] = (RHO", "h->total[i] = 1 + (RHO", "output 0"},
		{"static void layers", "static void strata", "cannot compile"},
		{"    layer1(h, from, to);", "    __builtin_trap();", "program failed"},
	} {
		dir := write(t, n, target.Options{Name: "demo"})
		source := filepath.Join(dir, "demo.c")
		b, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(source, []byte(strings.ReplaceAll(string(b), fault.old, fault.is)), 0o600); err != nil {
			t.Fatal(err)
		}
		j := &target.Job{Net: n, Dir: dir, Options: target.Options{Name: "demo"}, Inputs: samples[:2]}
		if _, err := export.Verify(context.Background(), c99.Target, j); err == nil || !strings.Contains(err.Error(), fault.complaint) {
			t.Errorf("%s for %s: %v", fault.is, fault.old, err)
		}
	}
}
