//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
	"ann2snn/models"
)

// changing is a command and a file that changes while the command reads it.
type changing struct {
	name     string
	file     string
	versions [2][]byte
	args     []string // -o names out, where the command has it
}

// tick is longer than what file systems tell times apart by: a change of the same length within
// one tick of another shows nowhere.
const tick = 15 * time.Millisecond

// changingFiles are all commands that read, with each kind of file.
func changingFiles(t *testing.T) []changing {
	t.Helper()
	in := t.TempDir()
	at := func(name string) string { return filepath.Join(in, name) }
	if err := os.CopyFS(in, models.Samples()); err != nil {
		t.Fatal(err)
	}
	model := keep(t, in, "demo.onnx", models.Demo())
	data := []string{"--data", at("calibration"), "--preprocess", "mnist", "--calib-samples", "8"}
	quick := []string{"--fit", "none", "--effort", "fast", "-q"}
	var nets, profiles [2][]byte
	for i, bits := range []string{"2", "4"} {
		command(t, slices.Concat([]string{"convert", model, "-f", "-o", at("net.snn"), "--steps", "1", "--bits", bits}, data, quick)...)
		command(t, slices.Concat([]string{"calibrate", model, "-f", "-o", at("p.json"), "--seed", bits}, data)...)
		nets[i], profiles[i] = content(t, at("net.snn")), content(t, at("p.json"))
	}
	arrays := [2][]byte{npy(noise(1), 40, 1, 28, 28), npy(noise(2), 40, 1, 28, 28)}
	x := keep(t, in, "x.npy", arrays[0])
	steady := keep(t, in, "steady.snn", nets[1])
	onnx := [2][]byte{models.Demo(), reversedBias(t)}
	images := at("test/glyphs-images-idx3-ubyte.gz")
	idx := [2][]byte{content(t, images), rotated(t, content(t, images))}
	test := []string{"--data", at("test"), "--limit", "30"}
	net, list := at("net.snn"), []changing(nil)
	add := func(name, file string, versions [2][]byte, args ...[]string) {
		list = append(list, changing{name, file, versions, slices.Concat(args...)})
	}
	add("run of a network", net, nets, []string{"run", net, x})
	add("inspect of a network", net, nets, []string{"inspect", net, "--json"})
	add("compare of a network", net, nets, []string{"compare", model, net, "--json"}, test)
	add("export of a network", net, nets, []string{"export", net, "--target", "c", "-o", "out", "-q"})
	add("inspect of a model", model, onnx, []string{"inspect", model, "--json"})
	add("convert of a model", model, onnx, []string{"convert", model, "-o", "out"}, data, quick)
	add("calibrate of a model", model, onnx, []string{"calibrate", model, "-o", "out"}, data)
	add("compare of a model", model, onnx, []string{"compare", model, "--json", "--preprocess", "mnist", "--calib-samples", "8", "--fit", "none", "--effort", "fast"}, test)
	add("doctor", model, onnx, []string{"doctor", model, "--preprocess", "mnist"}, test)
	add("run of an array", x, arrays, []string{"run", steady, x})
	add("convert with an array", x, arrays, []string{"convert", model, "-o", "out", "--data", x, "--calib-samples", "30"}, quick)
	add("fit with an array", x, arrays, []string{"convert", model, "-o", "out", "--data", x, "--calib-samples", "30", "--effort", "fast", "-q"})
	add("calibrate with an array", x, arrays, []string{"calibrate", model, "-o", "out", "--data", x, "--calib-samples", "8"})
	add("compare on an array", x, arrays, []string{"compare", model, steady, "--json", "--allow-overlap", "--data", x})
	add("run of pictures", images, idx, []string{"run", steady, at("test"), "--limit", "30"})
	add("compare on pictures", images, idx, []string{"compare", model, steady, "--json"}, test)
	add("convert with a profile", at("p.json"), profiles, []string{"convert", model, "-o", "out", "--profile", at("p.json"), "-q"})
	return list
}

func content(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// noise is 40 samples of noise.
func noise(seed uint64) []float32 {
	random, x := rand.New(rand.NewPCG(seed, 0)), make([]float32, 40*28*28)
	for i := range x {
		x[i] = float32(random.Float64()*2 - 1)
	}
	return x
}

// reversedBias is the demo's model with the biases of its classes in reverse order.
func reversedBias(t *testing.T) []byte {
	t.Helper()
	m := new(pb.ModelProto)
	if err := proto.Unmarshal(models.Demo(), m); err != nil {
		t.Fatal(err)
	}
	for _, tensor := range m.Graph.Initializer {
		if len(tensor.Dims) == 1 && tensor.Dims[0] == int64(len(models.Classes())) {
			slices.Reverse(tensor.FloatData)
			for i, j := 0, len(tensor.RawData)-4; i < j; i, j = i+4, j-4 {
				a, b := tensor.RawData[i:i+4], tensor.RawData[j:j+4]
				for k := range a {
					a[k], b[k] = b[k], a[k]
				}
			}
		}
	}
	return encoded(t, m)
}

// rotated is a packed IDX file with other pixels of as many samples.
func rotated(t *testing.T, file []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	const header = 16
	pixels := b[header:]
	slices.Reverse(pixels)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// result runs the command in a new folder. What it printed and wrote is one text, without
// times that were measured.
func (c *changing) result(t *testing.T) (code int, text, stderr string) {
	t.Helper()
	t.Chdir(t.TempDir())
	code, stdout, stderr := said(c.args...)
	var document map[string]any
	if json.Unmarshal([]byte(stdout), &document) == nil {
		delete(document, "time")
		b, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		stdout = string(b)
	}
	files := contents(t, ".")
	b, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	if code != exitOK && len(files) > 0 {
		t.Errorf("a command that failed leaves %v", lengths(files))
	}
	return code, stdout + string(b), stderr
}

// change puts another content into the file: in place, piece by piece, or by another file of
// its name.
func (c *changing) change(t *testing.T, random *rand.Rand) {
	t.Helper()
	version := c.versions[random.IntN(2)]
	var err error
	switch random.IntN(4) {
	case 0:
		err = os.WriteFile(c.file, version, 0o600)
	case 1:
		err = os.WriteFile(c.file, version[:random.IntN(len(version))], 0o600)
	case 2:
		if filepath.Ext(c.file) == ".npy" {
			break // two halves of arrays are an array, as good as both
		}
		var f *os.File
		if f, err = os.OpenFile(c.file, os.O_WRONLY, 0); err == nil {
			at := random.IntN(len(version))
			if _, err = f.WriteAt(version[at:], int64(at)); err == nil {
				err = f.Close()
			}
		}
	default:
		other := filepath.Join(t.TempDir(), "other")
		if err = os.WriteFile(other, version, 0o600); err == nil {
			err = os.Rename(other, c.file)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// TestChaosChanges: a command whose files change while it reads them answers as it would for
// one of the versions, or it fails and leaves nothing.
func TestChaosChanges(t *testing.T) {
	rounds := 2
	if n := chaosKills(t); n > 0 {
		rounds = n / 2
	}
	for i, c := range changingFiles(t) {
		if rounds == 2 && strings.HasPrefix(c.name, "fit") {
			continue // slow
		}
		t.Run(c.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), uint64(i)))
			var want [2]string
			var took time.Duration
			for version := range want {
				if err := os.WriteFile(c.file, c.versions[version], 0o600); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				code, text, stderr := c.result(t)
				if took = time.Since(began); code != exitOK {
					t.Fatalf("exit code %d\n%s", code, stderr)
				}
				want[version] = text
			}
			if want[0] == want[1] {
				t.Fatal("both versions give the same answer, which shows nothing")
			}
			seen := map[string]int{}
			for range rounds {
				seen[c.round(t, random, took, want)]++
			}
			t.Logf("%d rounds: %v", rounds, seen)
			if err := os.WriteFile(c.file, c.versions[0], 0o600); err != nil { // for the other commands
				t.Fatal(err)
			}
		})
	}
}

// round runs the command while the file changes, and says what became of it.
func (c *changing) round(t *testing.T, random *rand.Rand, took time.Duration, want [2]string) string {
	t.Helper()
	if err := os.WriteFile(c.file, c.versions[random.IntN(2)], 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(tick)
	done, changed := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(changed)
		wait := time.Duration(random.Float64() * float64(took))
		for {
			select {
			case <-done:
				return
			case <-time.After(wait):
			}
			c.change(t, random)
			wait = tick + time.Duration(random.IntN(10))*time.Millisecond
		}
	}()
	code, text, stderr := c.result(t)
	close(done)
	<-changed
	version := slices.Index(want[:], text)
	switch {
	case code == exitOK && version >= 0:
		return string("AB"[version])
	case code == exitOK:
		t.Errorf("the answer is that of neither version:\n%.2000s", text)
		return "wrong"
	case strings.Contains(stderr, "this is a bug"):
		t.Errorf("exit code %d\n%s", code, stderr)
	case !strings.Contains(stderr, "error: "):
		t.Errorf("exit code %d without an error: %s", code, stderr)
	}
	return "refused"
}
