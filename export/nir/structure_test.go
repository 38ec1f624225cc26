package nir_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ann2snn/export/target"
	"ann2snn/internal/demonet"
	"ann2snn/internal/testutil"
	"ann2snn/snn"
)

// fields are what the published definitions of NIR's nodes ask for.
var fields = map[string][]string{
	"Affine":    {"bias", "weight"},
	"Conv2d":    {"bias", "dilation", "groups", "input_shape", "padding", "stride", "weight"},
	"Delay":     {"delay"},
	"Flatten":   {"end_dim", "input_type", "start_dim"},
	"I":         {"r"},
	"IF":        {"r", "v_reset", "v_threshold"},
	"Input":     {"shape"},
	"Output":    {"shape"},
	"Scale":     {"scale"},
	"SumPool2d": {"kernel_size", "padding", "stride"},
	"Threshold": {"threshold"},
}

// TestStructure reads both encodings with h5py and with h5wasm and checks that nodes
// have the fields and types of the definitions and that shapes agree along all edges.
func TestStructure(t *testing.T) {
	t.Parallel()
	o := target.Options{Name: "net"}
	dir := write(t, demonet.Network(t, 1, 2, snn.RestimNone), o)
	for _, file := range []string{"net.nir", "net.ladder.nir"} {
		path := filepath.Join(dir, file)
		t.Run(file+" by h5py", func(t *testing.T) {
			checkStructure(t, read(t, testutil.Python(t), "dump.py", path))
		})
		t.Run(file+" by h5wasm", func(t *testing.T) {
			testutil.NodePackage(t, "h5wasm")
			checkStructure(t, read(t, testutil.Tool(t, "node", "nodejs"), "dump.mjs", path))
		})
	}
}

// dataset is an array as a reader gives it.
type dataset struct {
	kind   string
	shape  []int
	values []any
}

func (d dataset) ints() []int {
	var values []int
	for _, v := range d.values {
		x, _ := v.(float64)
		values = append(values, int(x))
	}
	return values
}

func (d dataset) text() string { return fmt.Sprint(d.values...) }

// read returns the datasets of a file by path, as a script of internal/hdf5 prints them.
func read(t *testing.T, interpreter, script, path string) map[string]dataset {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), interpreter, filepath.Join(testutil.Root(), "internal", "hdf5", "testdata", script), path)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string]dataset{}
	for line := range strings.Lines(string(out)) {
		var name string
		var d dataset
		row := []any{&name, &d.kind, &d.shape, &d.values}
		if strings.Contains(line, `"group"`) {
			continue
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%v in %.100s", err, line)
		}
		sets[name] = d
	}
	return sets
}

// graph is a NIR graph as it was read.
type graph struct {
	nodes  map[string]map[string]dataset
	before map[string][]string
}

func checkStructure(t *testing.T, sets map[string]dataset) {
	t.Helper()
	if sets["/version"].text() == "" || sets["/node/type"].text() != "NIRGraph" || sets["/node/metadata/timesteps"].ints()[0] != 2 {
		t.Fatal("no NIR graph of 2 steps")
	}
	g := &graph{nodes: map[string]map[string]dataset{}, before: map[string][]string{}}
	for path, d := range sets {
		rest, ok := strings.CutPrefix(path, "/node/nodes/")
		if name, field, _ := strings.Cut(rest, "/"); ok && !strings.HasPrefix(field, "metadata/") {
			if g.nodes[name] == nil {
				g.nodes[name] = map[string]dataset{}
			}
			g.nodes[name][field] = d
		}
	}
	edges := sets["/node/edges"]
	if len(edges.shape) != 2 || edges.shape[1] != 2 {
		t.Fatalf("edges have the shape %v", edges.shape)
	}
	for i := 0; i < len(edges.values); i += 2 {
		from, to := fmt.Sprint(edges.values[i]), fmt.Sprint(edges.values[i+1])
		if g.nodes[from] == nil || g.nodes[to] == nil {
			t.Fatalf("edge from %s to %s, which are not both nodes", from, to)
		}
		g.before[to] = append(g.before[to], from)
	}
	kinds := map[string]int{}
	for name := range g.nodes {
		kinds[g.kind(name)]++
		g.checkNode(t, name)
	}
	if kinds["Input"] != 1 || kinds["Output"] != 1 {
		t.Errorf("nodes: %v", kinds)
	}
	t.Log(kinds)
}

func (g *graph) kind(name string) string { return g.nodes[name]["type"].text() }

func (g *graph) checkNode(t *testing.T, name string) {
	t.Helper()
	node, kind := g.nodes[name], g.kind(name)
	needs, known := fields[kind]
	if !known {
		t.Fatalf("%s is a %s", name, kind)
	}
	var has []string
	for field, d := range node {
		if field == "type" {
			continue
		}
		has = append(has, field)
		want := "int"
		if slices.Contains([]string{"bias", "delay", "r", "scale", "threshold", "v_reset", "v_threshold", "weight"}, field) {
			want = "float"
		}
		if d.kind != want {
			t.Errorf("%s of %s is %s", field, name, d.kind)
		}
	}
	if slices.Sort(has); !slices.Equal(has, needs) {
		t.Errorf("%s, a %s, has the fields %v, want %v", name, kind, has, needs)
	}
	in, _ := g.shapes(name)
	if len(g.before[name]) == 0 && kind != "Input" {
		t.Errorf("nothing leads to %s", name)
	}
	for _, from := range g.before[name] {
		if _, out := g.shapes(from); !slices.Equal(in, out) {
			t.Errorf("%s puts out %v, %s takes %v", from, out, name, in)
		}
	}
}

// shapes returns what a node takes and puts out by the definition of its kind.
func (g *graph) shapes(name string) (in, out []int) {
	node := g.nodes[name]
	switch kind := g.kind(name); kind {
	case "Affine":
		weight := node["weight"].shape
		return weight[1:], node["bias"].shape
	case "Conv2d":
		w, size := node["weight"].shape, node["input_shape"].ints()
		in = []int{w[1] * node["groups"].ints()[0], size[0], size[1]}
		return in, append([]int{node["bias"].shape[0]}, slide(size, w[2:], node, node["dilation"].ints())...)
	case "Flatten":
		in = node["input_type"].ints()
		return in, []int{in[0] * in[1] * in[2]}
	case "Input", "Output":
		return node["shape"].ints(), node["shape"].ints()
	case "SumPool2d":
		_, in = g.shapes(g.before[name][0])
		return in, append([]int{in[0]}, slide(in[1:], node["kernel_size"].ints(), node, []int{1, 1})...)
	default: // element by element
		shape := node[fields[kind][0]].shape
		for _, field := range fields[kind] {
			if !slices.Equal(node[field].shape, shape) {
				return nil, nil
			}
		}
		return shape, shape
	}
}

// slide returns how many windows fit a map.
func slide(size, kernel []int, node map[string]dataset, dilation []int) []int {
	pad, stride := node["padding"].ints(), node["stride"].ints()
	var out []int
	for a := range 2 {
		out = append(out, (size[a]+2*pad[a]-(kernel[a]-1)*dilation[a]-1)/stride[a]+1)
	}
	return out
}
