package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ann2snn/internal/dataset"
	"ann2snn/internal/testutil"
	"ann2snn/models"
	"ann2snn/preprocess"
)

func TestMain(m *testing.M) {
	programs := map[string]func(){
		"ann2snn":   main,
		"ontty":     ontty,
		"halfwrite": halfwrite,
	}
	maps.Copy(programs, morePrograms)
	testscript.Main(m, programs)
}

// TestScripts runs the scenarios of testdata/script. Beside testscript's own commands
// they use those below, and the programs ontty and halfwrite. With the race detector it
// runs those in which the command itself starts goroutines; the packages that it calls
// have tests of their own.
func TestScripts(t *testing.T) {
	dir, files := "testdata/script", []string(nil)
	if testutil.Race && testing.Short() {
		dir = ""
		for _, name := range []string{"bench", "run", "terminal"} {
			files = append(files, "testdata/script/"+name+".txtar")
		}
	}
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		Files:               files,
		UpdateScripts:       os.Getenv("ANN2SNN_UPDATE") != "",
		RequireExplicitExec: true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"arrays":    arrays,
			"demofiles": demoFiles,
			"exits":     exits,
			"flipbyte":  flipByte,
			"jsonhas":   jsonHas,
			"tasks":     tasks,
			"jsonsame":  jsonSame,
			"truncate":  truncate,
			"waitfor":   waitFor,
		},
	})
}

// ontty is ann2snn with its output on the controlling terminal.
func ontty() {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(run(os.Args[1:], os.Stdin, tty, tty))
}

// halfwrite begins to write a file as the commands do, and hangs halfway, deaf to signals.
func halfwrite() {
	_, stop := interruptible(time.Millisecond, os.Stderr, os.Exit)
	defer stop()
	err := writeFile(os.Args[1], true, func(w io.Writer) error {
		for range 1 << 10 {
			if _, err := w.Write(make([]byte, 1<<10)); err != nil {
				return err
			}
		}
		if err := os.WriteFile("half", nil, 0o666); err != nil {
			return err
		}
		time.Sleep(time.Hour)
		return nil
	})
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// demoFiles writes the embedded model and samples to the working folder, as demo.onnx,
// test and calibration; and a drawn bar as bar.png, of 28 pixels, big.png, of 280, and
// lying.png, which lies on its side and whose EXIF says so.
func demoFiles(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(os.WriteFile(ts.MkAbs("demo.onnx"), models.Demo(), 0o666))
	ts.Check(os.CopyFS(ts.MkAbs("."), models.Samples()))
	picture := image.NewGray(image.Rect(0, 0, 28, 28))
	for y := 4; y < 24; y++ {
		picture.SetGray(14, y, color.Gray{Y: 255})
		picture.SetGray(15, y, color.Gray{Y: 255})
	}
	writePNG(ts, "bar.png", picture)
	big := image.NewGray(image.Rect(0, 0, 280, 280))
	for i := range big.Pix {
		big.Pix[i] = picture.Pix[i/280/10*28+i%280/10]
	}
	writePNG(ts, "big.png", big)
	lying := image.NewGray(picture.Rect)
	for y := range 28 {
		for x := range 28 {
			lying.SetGray(x, y, picture.GrayAt(y, x))
		}
	}
	writePNG(ts, "lying.png", lying)
	file := []byte(ts.ReadFile("lying.png"))
	const header = 33 // the signature and IHDR
	file = slices.Insert(file, header, pngChunk("eXIf", []byte("II*\x00\b\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00"))...)
	ts.Check(os.WriteFile(ts.MkAbs("lying.png"), file, 0o666))
}

// pngChunk returns a chunk of a PNG file.
func pngChunk(kind string, data []byte) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	chunk = append(append(chunk, kind...), data...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
}

func writePNG(ts *testscript.TestScript, name string, img image.Image) {
	f, err := os.Create(ts.MkAbs(name))
	ts.Check(err)
	ts.Check(errors.Join(png.Encode(f, img), f.Close()))
}

// arrays writes the test samples of demofiles as NumPy arrays: pixels.npy of uint8, and
// values.npy of float32.
func arrays(ts *testscript.TestScript, _ bool, _ []string) {
	const n, size = 40, 28 * 28
	set, err := dataset.Open(ts.MkAbs("test"), dataset.Options{
		Preprocess: preprocess.Spec{Scale: 1, Mean: []float64{0}, Std: []float64{1}, Channels: preprocess.RGB}, InputShape: []int{1, 28, 28},
	})
	ts.Check(err)
	defer set.Close()
	var pixels, values []byte
	sample := make([]float32, size)
	for i := range n {
		_, err := set.Sample(i, sample)
		ts.Check(err)
		for _, p := range sample {
			pixels = append(pixels, byte(p))
			values = binary.LittleEndian.AppendUint32(values, math.Float32bits(p/127.5-1))
		}
	}
	for name, elements := range map[string][]byte{"pixels.npy u1": pixels, "values.npy f4": values} {
		file, dtype, _ := strings.Cut(name, " ")
		header := fmt.Sprintf("{'descr': '<%s', 'fortran_order': False, 'shape': (%d, 28, 28), }\n", dtype, n)
		b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
		ts.Check(os.WriteFile(ts.MkAbs(file), append(append(b, header...), elements...), 0o666))
	}
}

// exits CODE PROGRAM [ARGS...] runs a program that ends with an exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGS...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got, err := 0, ts.Exec(args[1], args[2:]...)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// jsonhas FILE PATH... finds values in a JSON file by paths like snn.by_step.0.top1.
func jsonHas(ts *testscript.TestScript, neg bool, args []string) {
	doc := readJSON(ts, args[0])
	for _, path := range args[1:] {
		_, found := lookUp(doc, strings.Split(path, "."))
		if found == neg {
			ts.Fatalf("%s: found %s: %v", args[0], path, found)
		}
	}
}

// jsonsame FILE FILE [PATH...] compares JSON files but for the values at the paths.
func jsonSame(ts *testscript.TestScript, neg bool, args []string) {
	a, b := readJSON(ts, args[0]), readJSON(ts, args[1])
	for _, path := range args[2:] {
		remove(a, strings.Split(path, "."))
		remove(b, strings.Split(path, "."))
	}
	if reflect.DeepEqual(a, b) == neg {
		ts.Fatalf("%s and %s: same is %v", args[0], args[1], !neg)
	}
}

func readJSON(ts *testscript.TestScript, name string) any {
	var doc any
	if err := json.Unmarshal([]byte(ts.ReadFile(name)), &doc); err != nil {
		ts.Fatalf("%s: %v", name, err)
	}
	return doc
}

func lookUp(doc any, path []string) (any, bool) {
	for _, key := range path {
		switch d := doc.(type) {
		case map[string]any:
			v, ok := d[key]
			if !ok {
				return nil, false
			}
			doc = v
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(d) {
				return nil, false
			}
			doc = d[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

func remove(doc any, path []string) {
	parent, _ := lookUp(doc, path[:len(path)-1])
	if m, ok := parent.(map[string]any); ok {
		delete(m, path[len(path)-1])
	}
}

// flipbyte FILE OFFSET changes a byte.
func flipByte(ts *testscript.TestScript, _ bool, args []string) {
	b := []byte(ts.ReadFile(args[0]))
	i, err := strconv.Atoi(args[1])
	ts.Check(err)
	b[i] ^= 0x55
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o666))
}

// truncate FILE halves a file.
func truncate(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), info.Size()/2))
}

// waitfor FILE waits until a file is there.
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	for range 600 {
		matches, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		if len(matches) > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s: %v", args[0], fs.ErrNotExist)
}
