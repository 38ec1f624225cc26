package eval

import (
	"encoding/json"
	"fmt"

	"ann2snn/ir"
	"ann2snn/snn"
)

// taskRecord is what a network's record says of its task. Classification, unless it was asked
// for, has none.
type taskRecord struct {
	Name         string  `json:"name"`
	Found        string  `json:"found"`
	Threshold    float32 `json:"threshold,omitempty"`
	Channels     int     `json:"channels"`
	Pixels       int     `json:"pixels"`
	ChannelsLast bool    `json:"channels_last,omitempty"`
}

// RecordTask notes in a network what the output of its model is for. settled is what a
// comparison found, which knows more; it may be nil.
func RecordTask(n *snn.Network, g *ir.Graph, asked Task, labelled bool, settled *Found) error {
	t, err := findTask(g, asked, labelled)
	if err != nil {
		return err
	}
	if settled != nil {
		t.task, t.found = settled.task(), settled.Found
	}
	if t.task == TaskClassification && asked == TaskAuto {
		return recordField(n, "task", nil)
	}
	return recordField(n, "task", taskRecord{t.task.String(), t.found, t.threshold, t.channels, t.pixels, t.channelsLast})
}

// recordField sets a field of a network's record, or removes it.
func recordField(n *snn.Network, name string, value any) error {
	fields := make(map[string]json.RawMessage)
	if err := json.Unmarshal(n.Meta.Record, &fields); err != nil {
		return err
	}
	delete(fields, name)
	if value != nil {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		fields[name] = text
	}
	record, err := json.Marshal(fields)
	n.Meta.Record = record
	return err
}

// Reading is how to read what a network puts out.
type Reading struct {
	target
	Labels []string // names of the classes, as far as they have names

	Probabilities bool // are what the network puts out; see EndsInProbabilities
}

// EndsInProbabilities reports whether the output of a network are probabilities, as its last
// operator is Softmax or Sigmoid.
func EndsInProbabilities(n *snn.Network) bool {
	if len(n.Host) == 0 {
		return false
	}
	last := n.Host[len(n.Host)-1].Fn
	return last != snn.HostLogSoftmax && last != snn.HostGroupLogSoftmax
}

// ReadingOf finds how to read the output of a network: as its record says, else by the output's
// shape. asked names another task.
func ReadingOf(n *snn.Network, asked Task) (*Reading, error) {
	r := &Reading{target: *targetOf(n), Labels: n.Meta.Labels, Probabilities: EndsInProbabilities(n)}
	if asked != TaskAuto {
		if asked == TaskPixels && r.pixels == 1 {
			r.target = *shapeTarget(n) // the record is of a task without pixels
		}
		r.task, r.found = asked, asGiven
		return r, r.check([]int{r.channels, r.pixels})
	}
	return r, nil
}

// AskedTask is the task that was asked for when a network was converted, TaskAuto where it was
// found: a comparison then finds it anew, as it may know more, such as labels.
func AskedTask(n *snn.Network) Task {
	if t := targetOf(n); t.found == asGiven {
		return t.task
	}
	return TaskAuto
}

// targetOf is what a network says of its output.
func targetOf(n *snn.Network) *target {
	var record struct {
		Task *taskRecord `json:"task"`
	}
	size := n.Layers[n.Output].Shape.Len()
	if json.Unmarshal(n.Meta.Record, &record) == nil && record.Task != nil {
		r := record.Task
		for task := range TaskUnknown + 1 {
			if r.Name == task.String() && task != TaskAuto && r.Channels > 0 && r.Pixels > 0 && r.Channels*r.Pixels == size {
				return &target{task: task, found: r.Found, threshold: r.Threshold, channels: r.Channels, pixels: r.Pixels, channelsLast: r.ChannelsLast}
			}
		}
	}
	return shapeTarget(n)
}

// shapeTarget is what the shape of a network's output says, and a sigmoid behind it.
func shapeTarget(n *snn.Network) *target {
	s := n.Layers[n.Output].Shape
	t := &target{channels: s.C, pixels: s.H * s.W, found: "the output's shape is " + fmt.Sprintf("%d x %d x %d", s.H, s.W, s.C)}
	if h := n.Host; len(h) > 0 && h[len(h)-1].Fn == snn.HostSigmoid {
		t.threshold = 0.5
	}
	switch {
	case s.Len() == 1:
		t.task = TaskBinary
	case t.pixels > 1:
		t.task = TaskPixels
	default:
		t.task = TaskClassification
	}
	return t
}

// Found describes the task; it is nil for classification.
func (r *Reading) Found() *Found {
	if r.task == TaskClassification {
		return nil
	}
	f := &Found{Name: r.task.String(), Found: r.found}
	if r.decides() {
		f.Threshold = new(float64(r.threshold))
	}
	return f
}

// Classes returns how many classes have names, 0 where the task knows none.
func (r *Reading) Classes() int {
	switch r.task {
	case TaskBinary:
		return 2
	case TaskPixels:
		return max(r.channels, 2)
	case TaskClassification, TaskMultiLabel:
		return r.channels * r.pixels
	}
	return 0
}

// Decision is an output against the threshold.
type Decision struct {
	Output      float32 `json:"output"`
	Probability bool    `json:"probability"` // the output is one, as a sigmoid ends the network
	Threshold   float32 `json:"threshold"`
	Class       int     `json:"class"` // 1 where the output is above
	Label       string  `json:"label,omitempty"`
}

// Decide reads a binary decision.
func (r *Reading) Decide(out []float32) *Decision {
	d := &Decision{Output: out[0], Probability: r.threshold == 0.5, Threshold: r.threshold, Class: r.decide(out[0])}
	if len(r.Labels) == 2 {
		d.Label = r.Labels[d.Class]
	}
	return d
}

// Above returns the numbers of the outputs above the threshold, in rising order.
func (r *Reading) Above(out []float32) []int {
	above := []int{}
	for i, x := range out {
		if r.decide(x) == 1 {
			above = append(above, i)
		}
	}
	return above
}

// Area is how many pixels have a class.
type Area struct {
	Class  int     `json:"class"`
	Label  string  `json:"label,omitempty"`
	Pixels int     `json:"pixels"`
	Share  Percent `json:"share"`
}

// Areas counts the pixels of every class that occurs, in the order of classes.
func (r *Reading) Areas(out []float32) []Area {
	counts := make([]int, max(r.channels, 2))
	for p := range r.pixels {
		counts[r.pixelClass(out, p)]++
	}
	var areas []Area
	for class, n := range counts {
		if n == 0 {
			continue
		}
		a := Area{Class: class, Pixels: n, Share: percentOf(n, r.pixels)}
		if class < len(r.Labels) {
			a.Label = r.Labels[class]
		}
		areas = append(areas, a)
	}
	return areas
}
