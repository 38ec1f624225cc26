package hdf5_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/internal/hdf5"
	"ann2snn/internal/testutil"
)

// many is so many links that a group's tree has two levels and three nodes in the lower.
const many = 2*8*32 + 1

// content has every type, odd sizes, and groups of all depths of their trees.
func content() hdf5.Group {
	crowd := hdf5.Group{}
	for i := range many {
		crowd[fmt.Sprintf("n%05d", i)] = hdf5.Int(int64(i))
	}
	row := hdf5.Group{}
	for i := range 9 {
		row[strings.Repeat("x", i+1)] = hdf5.Array([]int{1}, []float32{float32(i)})
	}
	return hdf5.Group{
		"crowd":   crowd,
		"empty":   hdf5.Group{},
		"floats":  hdf5.Array([]int{2, 1, 3}, []float32{0, -1.5, 3.0e38, 1.0e-45, 16777217, 0.25}),
		"ints":    hdf5.Array([]int{3}, []int64{math.MinInt32, 0, 1 << 52}),
		"nothing": hdf5.Array([]int{0, 4}, []float32{}),
		"row":     row,
		"scalar":  hdf5.Int(-7),
		"text":    hdf5.Text("grün"),
		"texts":   hdf5.Texts([]int{2, 2}, []string{"a", "", "longer", "π"}),
	}
}

// expected is content as the scripts in testdata print it.
func expected() []string {
	lines := []string{fmt.Sprintf(`["/crowd","group",%d]`, many)}
	for i := range many {
		lines = append(lines, fmt.Sprintf(`["/crowd/n%05d","int",[],[%d]]`, i, i))
	}
	lines = append(lines,
		`["/empty","group",0]`,
		`["/floats","float",[2,1,3],[0,-1.5,3e+38,1e-45,16777216,0.25]]`,
		`["/ints","int",[3],[-2147483648,0,4503599627370496]]`,
		`["/nothing","float",[0,4],[]]`,
		`["/row","group",9]`)
	for i := range 9 {
		lines = append(lines, fmt.Sprintf(`["/row/%s","float",[1],[%d]]`, strings.Repeat("x", i+1), i))
	}
	return append(lines,
		`["/scalar","int",[],[-7]]`,
		`["/text","text",[],["grün"]]`,
		`["/texts","text",[2,2],["a","","longer","π"]]`)
}

// TestReaders reads the file with the HDF5 library, by h5py and by h5wasm.
func TestReaders(t *testing.T) {
	t.Run("h5py", func(t *testing.T) {
		got := dump(t, testutil.Python(t), "testdata/dump.py")
		for i, line := range got {
			if line[1] == "group" {
				continue
			}
			if line[4] != true {
				t.Errorf("%v is not at a multiple of 64 bytes", line[0])
			}
			got[i] = line[:4]
		}
		compare(t, got)
	})
	t.Run("h5wasm", func(t *testing.T) {
		testutil.NodePackage(t, "h5wasm")
		compare(t, dump(t, testutil.Tool(t, "node", "nodejs"), "testdata/dump.mjs"))
	})
}

// dump returns what a script prints of content.
func dump(t *testing.T, interpreter, script string) [][]any {
	t.Helper()
	b, err := hdf5.Encode(content())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "content.h5")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), interpreter, script, path)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, strings.Split(strings.TrimSpace(string(out)), "\n"))
}

func compare(t *testing.T, got [][]any) {
	t.Helper()
	want := parse(t, expected())
	order := func(a, b []any) int { return strings.Compare(fmt.Sprint(a[0]), fmt.Sprint(b[0])) }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// parse reads lines of JSON; numbers become float32, as the floats of content are.
func parse(t *testing.T, lines []string) [][]any {
	t.Helper()
	parsed := make([][]any, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &parsed[i]); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if len(parsed[i]) < 4 || parsed[i][1] != "float" {
			continue
		}
		values, _ := parsed[i][3].([]any)
		for k, v := range values {
			x, _ := v.(float64)
			values[k] = float32(x)
		}
	}
	return parsed
}

func TestSameBytes(t *testing.T) {
	first, err := hdf5.Encode(content())
	if err != nil {
		t.Fatal(err)
	}
	second, err := hdf5.Encode(content())
	if err != nil || !bytes.Equal(first, second) {
		t.Error("the same content gave other bytes", err)
	}
}

// TestLimits holds the writer to errors where a file would be wrong.
func TestLimits(t *testing.T) {
	deep := hdf5.Group{}
	deep["again"] = deep
	for name, test := range map[string]struct {
		root hdf5.Group
		want string
	}{
		"rank":      {hdf5.Group{"g": hdf5.Group{"x": hdf5.Array(make([]int, 33), []int64{})}}, "/g/x: has 33 dimensions"},
		"elements":  {hdf5.Group{"x": hdf5.Array([]int{2, 3}, []float32{1})}, "/x: dimensions [2 3] ask for 6 elements, there are 1"},
		"negative":  {hdf5.Group{"x": hdf5.Array([]int{-1, -1}, []float32{1})}, "out of range"},
		"overflow":  {hdf5.Group{"x": hdf5.Array([]int{1 << 32, 1 << 32, 1}, []float32{})}, "out of range"},
		"zero byte": {hdf5.Group{"x": hdf5.Text("a\x00b")}, "not UTF-8"},
		"not UTF-8": {hdf5.Group{"x": hdf5.Texts([]int{1}, []string{"\xff"})}, "not UTF-8"},
		"no name":   {hdf5.Group{"": hdf5.Int(1)}, "a name must be"},
		"slash":     {hdf5.Group{"a/b": hdf5.Int(1)}, "a name must be"},
		"dot":       {hdf5.Group{".": hdf5.Int(1)}, "a name must be"},
		"nil":       {hdf5.Group{"x": nil}, "/x: there is nothing"},
		"no type":   {hdf5.Group{"x": hdf5.Dataset{}}, "/x: a dataset needs a type"},
		"endless":   {deep, "too deep"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := hdf5.Encode(test.root)
			if err == nil || !strings.Contains(err.Error(), test.want) || b != nil {
				t.Errorf("got %d bytes and error %v, want one with %q", len(b), err, test.want)
			}
		})
	}
}
