package eval

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/ir"
	"ann2snn/snn"
)

// shaped is a network of which only the output's shape is known, and a record without a task.
func shaped(h, w, c int, host ...snn.HostFn) *snn.Network {
	n := &snn.Network{Layers: []snn.Layer{{Shape: snn.Shape{H: h, W: w, C: c}}}}
	n.Meta.Record = []byte("{}")
	for _, fn := range host {
		n.Host = append(n.Host, snn.HostOp{Fn: fn})
	}
	return n
}

func TestReadingOfOldNetworks(t *testing.T) {
	for _, test := range []struct {
		name      string
		n         *snn.Network
		task      Task
		threshold float32
	}{
		{"scores", shaped(1, 1, 10), TaskClassification, 0},
		{"one output", shaped(1, 1, 1), TaskBinary, 0},
		{"one probability", shaped(1, 1, 1, snn.HostSigmoid), TaskBinary, 0.5},
		{"a map", shaped(4, 5, 3), TaskPixels, 0},
	} {
		r, err := ReadingOf(test.n, TaskAuto)
		if err != nil || r.task != test.task || r.threshold != test.threshold {
			t.Errorf("%s: %+v, %v", test.name, r, err)
		}
	}
	if _, err := ReadingOf(shaped(1, 1, 10), TaskBinary); err == nil {
		t.Error("ten outputs are read as a binary decision")
	}
}

// TestRecordTask: a network keeps what its output is for, whichever way the model lays it out,
// and one that classifies keeps nothing.
func TestRecordTask(t *testing.T) {
	g, err := ir.Parse("input %x float32[1,2,2,3]\n%y float32[1,2,3,2] = Transpose(%x) {perm=[0,2,3,1]}\noutput %y\n")
	if err != nil {
		t.Fatal(err)
	}
	n := shaped(2, 3, 2)
	if err := RecordTask(n, g, TaskPixels, false, nil); err != nil {
		t.Fatal(err)
	}
	r, err := ReadingOf(n, TaskAuto)
	if err != nil {
		t.Fatal(err)
	}
	n.Meta.Labels = []string{"sea", "land"}
	r.Labels = n.Meta.Labels
	got := r.Areas([]float32{0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1}) // the channels of a pixel side by side
	if diff := cmp.Diff([]Area{{0, "sea", 1, percentOf(1, 6)}, {1, "land", 5, percentOf(5, 6)}}, got); diff != "" {
		t.Errorf("areas (-want +got):\n%s", diff)
	}
	if err := RecordTask(n, g, TaskAuto, false, Classifies()); err != nil || string(n.Meta.Record) != "{}" {
		t.Errorf("a network that classifies has the record %s, %v", n.Meta.Record, err)
	}
}

func TestDecideAndAbove(t *testing.T) {
	r, err := ReadingOf(shaped(1, 1, 1, snn.HostSigmoid), TaskAuto)
	if err != nil {
		t.Fatal(err)
	}
	r.Labels = []string{"cat", "dog"}
	if got, want := *r.Decide([]float32{0.75}), (Decision{0.75, true, 0.5, 1, "dog"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got, want := *r.Decide([]float32{0.5}), (Decision{0.5, true, 0.5, 0, "cat"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if diff := cmp.Diff([]int{1, 3}, r.Above([]float32{0.5, 0.6, 0.1, 0.9})); diff != "" {
		t.Errorf("above the threshold (-want +got):\n%s", diff)
	}
}
