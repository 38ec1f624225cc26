package main

import (
	"encoding/json"
	"strings"
	"testing"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// TestInspectUnreadable: inspect lists all nodes of a model, marks those that cannot be read and
// those that cannot be converted together, and exits with 1.
func TestInspectUnreadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	long := "/backbone/stages/" + strings.Repeat("block/", 20) + "Relu"
	build := func(name string, target int64) string {
		g := onnxfile.New("unreadable")
		g.Input("x", pb.TensorProto_FLOAT, 1, 4, 6, 6)
		a := g.Node("a", "Conv", []string{"x", g.Constant(onnxfile.Floats("w", make([]float32, 16), 4, 4, 1, 1))})
		b := g.Node(long, "Relu", []string{a})
		c := g.Node("c", "DeformConv", []string{b})                             // is not known
		d := g.Node("d", "Conv", []string{c})                                   // has no weights
		e := g.Node("e", "Add", []string{d, g.Node("g", "Floor", []string{b})}) // which cannot be converted
		f := g.Node("f", "Reshape", []string{e, g.Constant(onnxfile.Int64s("s", []int64{1, target}, 2))})
		g.Output(f, pb.TensorProto_FLOAT, 1, 144)
		file, err := onnxfile.Marshal(g.Model("test"))
		if err != nil {
			t.Fatal(err)
		}
		return keep(t, dir, name, file)
	}
	model := build("unreadable.onnx", 144)
	code, stdout, stderr := said("inspect", model)
	if code != exitFailure || !strings.Contains(stderr, "error: 3 nodes cannot be read or converted\n") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	for _, want := range []string{
		"a                                         Conv",
		"/backbone/sta…ock/block/block/block/Relu  Relu",
		"unsupported  the operator is not supported",
		"unsupported  has 1 inputs, want 2 to 3",
		"unsupported  floor is neither linear in spikes nor an activation of neurons",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the table lacks %q:\n%s", want, stdout)
		}
	}
	var info struct {
		Nodes []struct{ Name, Op, Class string }
	}
	code, stdout, _ = said("inspect", "--json", model)
	if err := json.Unmarshal([]byte(stdout), &info); err != nil || code != exitFailure || len(info.Nodes) != 7 || info.Nodes[1].Name != long || info.Nodes[2].Op != "DeformConv" {
		t.Errorf("exit code %d, error %v, %+v", code, err, info.Nodes)
	}
	// Behind what is not read nothing is sure: all the same, the nodes are listed.
	code, stdout, stderr = said("inspect", build("guess.onnx", 7))
	const why = "error: 2 nodes cannot be read or converted; what becomes of the others is not known: fold-constants: Reshape \"f\": cannot reshape [1,4,6,6] to [1 7]\n"
	if code != exitFailure || !strings.Contains(stderr, why) || !strings.Contains(stdout, "DeformConv") || !strings.Contains(stdout, "Reshape") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	if code, _, stderr := said("convert", model); code != exitFailure || !strings.Contains(stderr, `Conv "d": has 1 inputs`) {
		t.Errorf("convert: exit code %d\n%s", code, stderr)
	}
}
