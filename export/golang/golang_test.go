package golang_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ann2snn/export"
	"ann2snn/export/golang"
	"ann2snn/export/target"
	"ann2snn/internal/demonet"
	"ann2snn/internal/testutil"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// edge returns the folder of the example and its network.
func edge(t *testing.T) (string, *snn.Network) {
	t.Helper()
	dir := filepath.Join(testutil.Root(), "examples", "edge")
	b, err := os.ReadFile(filepath.Join(dir, "net.snn"))
	if err != nil {
		t.Fatal(err)
	}
	n, err := snn.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return dir, n
}

// TestExample: examples/edge is what the target writes for the network in it.
func TestExample(t *testing.T) {
	dir, n := edge(t)
	files, err := golang.Target.Files(n, target.Options{Name: "edge"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name == "go.mod" || f.Name == "go.sum" || f.Name == "README.md" || strings.HasPrefix(f.Name, "ann2snn/") {
			continue
		}
		if b, err := os.ReadFile(filepath.Join(dir, f.Name)); err != nil || !bytes.Equal(b, f.Data) {
			t.Errorf("%s differs from the export of net.snn (%v); the target writes\n%s", f.Name, err, f.Data)
		}
	}
}

// mostBytes is the largest size of the program without the network. It is built without
// -trimpath, which would take off 4 KB, because so it shares the packages of other builds.
const mostBytes = 2_200_000

// mostBytesAMD64 is that of amd64 without vector kernels, which is the largest.
const mostBytesAMD64 = 2_200_000

// TestMachines builds the example for edge machines, runs it where QEMU or this machine
// can, and compares every score with package runtime.
func TestMachines(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long")
	}
	dir, n := edge(t)
	inputs := demonet.Samples(t, 100)
	want := scores(t, n, inputs)
	for _, m := range []struct {
		name, arch, tags string
		run              string // this machine if empty
		most             int64  // bytes; 0: any number
	}{
		{"amd64", "amd64", "lean,purego", "qemu-x86_64", mostBytesAMD64},
		{"amd64 with vector kernels", "amd64", "lean", "", 0},
		{"arm64", "arm64", "lean", "qemu-aarch64", mostBytes},
		{"armv7", "arm", "lean", "qemu-arm", mostBytes},
		{"riscv64", "riscv64", "lean", "qemu-riscv64", mostBytes},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "edge")
			build(t, dir, path, m.tags, "GOOS=linux", "GOARCH="+m.arch, "GOARM=7")
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			weights, err := os.Stat(filepath.Join(dir, "net.snn"))
			if err != nil {
				t.Fatal(err)
			}
			size := info.Size() - weights.Size()
			t.Logf("%d bytes beside the network", size)
			if m.most > 0 && size > m.most {
				t.Errorf("%d bytes beside the network, more than %d", size, m.most)
			}
			command, few := []string{path, "-all"}, 100
			if m.run != "" { // emulation is slow
				command, few = append([]string{testutil.Tool(t, m.run, "qemu-user")}, command...), 10
			}
			compareScores(t, run(t, command, pixels(inputs[:few])), want[:few])
		})
	}
}

// TestByItself builds an export where it lands, in an empty folder, by the commands of its README
// alone: the last of them without the net.
func TestByItself(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long")
	}
	n := demonet.Network(t, 4, 2, snn.RestimNone)
	n.Meta.Preprocess = nil // takes numbers
	files, err := golang.Target.Files(n, target.Options{Name: "digits"})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "digits")
	if err := export.Write(dir, files, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("(?m)^CGO_ENABLED=0 go build .*$").FindAllString(string(readme), -1)
	if len(commands) != 2 {
		t.Fatalf("the README builds by %q", commands)
	}
	inputs := demonet.Samples(t, 10)
	want := scores(t, n, inputs)
	for i, command := range commands {
		path := filepath.Join(dir, "digits")
		cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=readonly", "GOWORK=off")
		modules := t.TempDir()
		if i == 1 {
			cmd.Env = append(cmd.Env, "GOMODCACHE="+modules)
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
		if fetched, err := filepath.Glob(filepath.Join(modules, "cache", "download", "*")); err != nil || len(fetched) > 0 {
			t.Errorf("%s: modules are fetched: %v %v", command, fetched, err)
		}
		compareScores(t, run(t, []string{path, "-all"}, floats(inputs)), want)
		if line := run(t, []string{path}, floats(inputs[:1])); !strings.HasPrefix(line, n.Meta.Labels[best(want[0])]+" ") {
			t.Errorf("class and score: %q", line)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

func build(t *testing.T, dir, path, tags string, env ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "build", "-tags", tags, "-ldflags=-s -w", "-o", path, ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), append(env, "CGO_ENABLED=0")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
}

func run(t *testing.T, command []string, stdin []byte) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(stdin), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// scores are the answers of package runtime.
func scores(t *testing.T, n *snn.Network, inputs [][]float32) [][]float32 {
	t.Helper()
	plan, err := runtime.Compile(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewSession(runtime.SessionOptions{})
	all := make([][]float32, len(inputs))
	for i, in := range inputs {
		all[i] = make([]float32, plan.OutLen())
		if _, err := s.Run(t.Context(), all[i], in); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func best(scores []float32) int {
	at := 0
	for i, x := range scores {
		if x > scores[at] {
			at = i
		}
	}
	return at
}

// compareScores holds the lines that the program prints to answers.
func compareScores(t *testing.T, text string, want [][]float32) {
	t.Helper()
	var b strings.Builder
	for _, row := range want {
		for i, x := range row {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.FormatFloat(float64(x), 'g', -1, 32))
		}
		b.WriteByte('\n')
	}
	if text != b.String() {
		t.Errorf("the program prints\n%swant\n%s", text, b.String())
	}
}

// pixels are the bytes of the pictures that became inputs.
func pixels(inputs [][]float32) []byte {
	b := []byte("\x00\x00\x08\x01\x00\x00\x00\x00") // the header of an IDX file
	for _, in := range inputs {
		for _, x := range in {
			b = append(b, byte((x*0.5+0.5)*255+0.5))
		}
	}
	return b
}

func floats(inputs [][]float32) []byte {
	var b []byte
	for _, in := range inputs {
		for _, x := range in {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	return b
}
