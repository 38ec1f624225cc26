package eval

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ann2snn/ir"
)

// Task is what a network's output is for. It decides how Compare measures whether the spiking
// network does what the ANN does.
type Task uint8

// Tasks. TaskUnknown is found, and cannot be asked for: it is measured as regression is.
const (
	TaskAuto           Task = iota // Compare finds the task
	TaskClassification             // the largest of several outputs
	TaskBinary                     // one output, against a threshold
	TaskMultiLabel                 // several outputs, each against a threshold
	TaskPixels                     // a class for every pixel
	TaskRegression                 // values
	TaskEmbedding                  // values whose direction counts
	TaskUnknown
)

var taskNames = []string{"auto", "classification", "binary", "multi-label", "per-pixel", "regression", "embedding", "unknown"}

// String returns the task's name.
func (t Task) String() string { return taskNames[t] }

// TaskNames lists the names that ParseTask takes.
func TaskNames() []string { return taskNames[:TaskUnknown] }

// ParseTask is the inverse of String.
func ParseTask(name string) (Task, error) {
	for i, s := range TaskNames() {
		if s == name {
			return Task(i), nil
		}
	}
	return TaskAuto, fmt.Errorf("eval: task %q is none of %s", name, strings.Join(TaskNames(), ", "))
}

// byValue reports whether answers of the task are values: then no two of them are the same,
// and none are right or wrong.
func (t Task) byValue() bool {
	return t == TaskRegression || t == TaskEmbedding || t == TaskUnknown
}

// labelled reports whether the label of a sample says what the right answer is.
func (t Task) labelled() bool { return t == TaskClassification || t == TaskBinary }

// decides reports whether answers of the task compare outputs with a threshold.
func (t *target) decides() bool {
	return t.task == TaskBinary || t.task == TaskMultiLabel || t.task == TaskPixels && t.channels == 1
}

// target is how outputs become answers.
type target struct {
	task      Task
	found     string  // how the task was found
	threshold float32 // of decisions
	// doubtful is set where only the sign of the outputs tells decisions from values.
	doubtful bool

	// The output holds channels for each of so many pixels.
	channels, pixels int
	channelsLast     bool
}

// asGiven is how a task was found that was asked for.
const asGiven = "as given"

// mostChannels is how many channels of an output have means of their own in R².
const mostChannels = 4096

// findTask finds what the output of a graph is for, or takes what is asked for.
func findTask(g *ir.Graph, asked Task, labelled bool) (*target, error) {
	out := g.Outputs[0]
	tail, channelsLast := lastOp(g, out)
	dims := withoutBatch(g.Type(out).Shape.Ints())
	t := layout(dims, softmaxAxis(g, out), channelsLast)
	if squashes(tail) {
		t.threshold = 0.5
	}
	input := withoutBatch(g.Type(g.Inputs[0]).Shape.Ints())
	if asked != TaskAuto {
		t.task, t.found = asked, asGiven
		t.regroup()
		return t, t.check(dims)
	}
	switch {
	case t.channels*t.pixels == 1:
		t.single(tail)
	case t.pixels == 1:
		t.vector(tail, labelled, dims, input)
	default:
		t.picture(dims, input, tail)
	}
	t.regroup()
	return t, nil
}

// TaskWithoutLabels finds what the output of a graph is for, where samples have no labels.
func TaskWithoutLabels(g *ir.Graph) (Task, error) {
	t, err := findTask(g, TaskAuto, false)
	if err != nil {
		return TaskAuto, err
	}
	return t.task, nil
}

// TargetsFit reports whether a task takes n targets for a sample: as many as it has outputs or
// pixels. Where the task is TaskAuto, it is found without labels. It returns the task.
func TargetsFit(g *ir.Graph, asked Task, n int) (Task, bool, error) {
	t, err := findTask(g, asked, false)
	if err != nil {
		return asked, false, err
	}
	return t.task, n == t.channels*t.pixels || t.task == TaskPixels && n == t.pixels, nil
}

// check refuses a task that the output cannot be for.
func (t *target) check(dims []int) error {
	n := t.channels * t.pixels
	switch {
	case t.task == TaskBinary && n != 1:
		return fmt.Errorf("eval: the task binary needs one output, the network has %d (try multi-label or classification)", n)
	case t.task == TaskClassification && n == 1:
		return errors.New("eval: the task classification needs several outputs, the network has one (try binary)")
	case t.task == TaskPixels && t.pixels == 1:
		return fmt.Errorf("eval: the task per-pixel needs an output with several pixels, the network's is %v (try classification)", dims)
	}
	return nil
}

// regroup takes every output for a channel where no class belongs to a pixel; all outputs
// together for one channel where they are too many.
func (t *target) regroup() {
	n := t.channels * t.pixels
	switch {
	case t.task == TaskPixels || t.task == TaskClassification:
	case n <= mostChannels:
		t.channels, t.pixels = n, 1
	case t.channels > mostChannels || t.task == TaskUnknown || t.task == TaskMultiLabel:
		t.channels, t.pixels = 1, n
	}
}

func (t *target) single(tail ir.Op) {
	switch {
	case squashes(tail):
		t.task, t.found = TaskBinary, "the network has one output, and a sigmoid ends it"
	case bounded(tail):
		t.task, t.found = TaskRegression, fmt.Sprintf("the network has one output, and a %s ends it", tail.Kind())
	default:
		t.task, t.found, t.doubtful = TaskBinary, "the network has one output, with values on both sides of 0", true
	}
}

// leastRebuilt is from how many outputs on, as many inputs make a network an autoencoder.
const leastRebuilt = 16

func (t *target) vector(tail ir.Op, labelled bool, dims, input []int) {
	_, tanh := tail.(ir.Tanh)
	switch {
	case labelled:
		t.task, t.found = TaskClassification, "the samples have labels"
	case slices.Equal(dims, input) && t.channels >= leastRebuilt:
		t.task, t.found = TaskRegression, "the output has the input's shape"
	case squashes(tail):
		t.task, t.found = TaskMultiLabel, "a sigmoid ends each of the outputs, and no label names one class"
	case tanh:
		t.task, t.found = TaskRegression, "a Tanh ends the network"
	case rectifies(tail) && t.channels >= leastFeatures:
		t.task, t.found = TaskEmbedding, fmt.Sprintf("a %s ends the network, as it ends features, and no label names a class", tail.Kind())
	default:
		t.task, t.found = TaskClassification, "the network has several outputs"
	}
}

// leastFeatures is from how many outputs on a rectified vector counts as features.
const leastFeatures = 16

func (t *target) picture(dims, input []int, tail ir.Op) {
	_, tanh := tail.(ir.Tanh)
	_, softmax := tail.(ir.Softmax)
	_, logSoftmax := tail.(ir.LogSoftmax)
	switch {
	case softmax || logSoftmax:
		t.task, t.found = TaskPixels, "a softmax ends every pixel"
	case slices.Equal(dims, input) && !squashes(tail), tanh:
		t.task, t.found = TaskRegression, "the output is a picture, not classes"
	case len(dims) < 3:
		t.task, t.found = TaskUnknown, fmt.Sprintf("the output's shape is %v", dims)
	case t.channels == 1 && !squashes(tail):
		t.task, t.found, t.doubtful = TaskPixels, "the output has one channel, with values on both sides of 0", true
	default:
		t.task, t.found = TaskPixels, "the output has several pixels"
	}
}

// settle decides, once the ANN has answered, whether outputs of either sign are decisions:
// they are values where all have the same sign, and no label says otherwise.
func (t *target) settle(above, total int, labelled bool) Task {
	if t.doubtful && !labelled && (above == 0 || above == total) {
		return TaskRegression
	}
	return t.task
}

// layout finds the axis of the channels: that of a softmax, axis, unless it is below 0; else the
// last one, where a transposition moves them there or where only the others look like height and
// width; else the first one.
func layout(dims []int, axis int, channelsLast bool) *target {
	n := product(dims)
	last := len(dims) == 3 && (channelsLast || dims[0] == dims[1] && dims[1] != dims[2])
	if axis >= 0 && axis < len(dims) && dims[axis] < n {
		last = axis > 0
	}
	t := &target{channels: 1, pixels: 1, channelsLast: last}
	switch {
	case len(dims) == 0:
	case last:
		t.channels = dims[len(dims)-1]
	default:
		t.channels = dims[0]
	}
	t.pixels = n / max(t.channels, 1)
	if t.channels == 1 && oneAxis(dims) {
		t.channels, t.pixels = t.pixels, 1
	}
	return t
}

// softmaxAxis is the axis, not counting that of the samples, over which the softmax normalises
// that computes a value, as it stands there after operators that only move elements; -1 where
// there is none.
func softmaxAxis(g *ir.Graph, id ir.ValueID) int {
	producers := g.Producers()
	var movers []*ir.Node
	for producers[id] >= 0 {
		n := &g.Nodes[producers[id]]
		switch op := n.Op.(type) {
		case ir.Transpose, ir.Flatten, ir.Identity, ir.Reshape, ir.Squeeze, ir.Unsqueeze:
			movers = append(movers, n)
			id = n.In[0]
			continue
		case ir.Softmax:
			return movedAxis(g, op.Axis, g.Type(n.In[0]).Shape.Ints(), movers)
		case ir.LogSoftmax:
			return movedAxis(g, op.Axis, g.Type(n.In[0]).Shape.Ints(), movers)
		}
		break
	}
	return -1
}

// movedAxis follows an axis through operators that move elements, the last one first.
func movedAxis(g *ir.Graph, axis int, dims []int, movers []*ir.Node) int {
	if axis < 0 {
		axis += len(dims)
	}
	for _, n := range slices.Backward(movers) {
		to := g.Type(n.Out[0]).Shape.Ints()
		if op, ok := n.Op.(ir.Transpose); ok {
			axis = slices.Index(op.Perm, axis)
		} else {
			axis = sameAxis(dims, axis, to)
		}
		if axis < 0 {
			return -1
		}
		dims = to
	}
	if len(withoutBatch(dims)) < len(dims) {
		axis--
	}
	return axis
}

// sameAxis is the axis of the shape to that holds the elements of an axis of dims, in order: as
// many elements are before it and in it. It is -1 where there is none.
func sameAxis(dims []int, axis int, to []int) int {
	before := product(dims[:axis])
	for i, d := range to {
		if d == dims[axis] && product(to[:i]) == before {
			return i
		}
	}
	return -1
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// oneAxis reports whether at most one axis is longer than 1: the output is a vector.
func oneAxis(dims []int) bool {
	long := 0
	for _, d := range dims {
		if d > 1 {
			long++
		}
	}
	return long <= 1
}

// withoutBatch drops the axis of the samples.
func withoutBatch(dims []int) []int {
	if len(dims) > 1 && dims[0] == 1 {
		return dims[1:]
	}
	return dims
}

// lastOp is the operator that computes a value, behind those that only move elements; nil
// where there is none. It also reports whether one of them moves channels behind height and width.
func lastOp(g *ir.Graph, id ir.ValueID) (op ir.Op, channelsLast bool) {
	producers := g.Producers()
	for producers[id] >= 0 {
		n := &g.Nodes[producers[id]]
		switch op := n.Op.(type) {
		case ir.Transpose:
			channelsLast = channelsLast || slices.Equal(op.Perm, []int{0, 2, 3, 1})
		case ir.Flatten, ir.Identity, ir.Reshape, ir.Squeeze, ir.Unsqueeze:
		default:
			return n.Op, channelsLast
		}
		id = n.In[0]
	}
	return nil, channelsLast
}

// squashes reports whether an operator makes probabilities of logits, one by one.
func squashes(op ir.Op) bool {
	switch op.(type) {
	case ir.Sigmoid, ir.HardSigmoid:
		return true
	}
	return false
}

// rectifies reports whether an operator is an activation that stands between layers, and not
// behind scores of classes.
func rectifies(op ir.Op) bool {
	switch op := op.(type) {
	case ir.Relu, ir.LeakyRelu, ir.PRelu, ir.Elu, ir.SiLU, ir.HardSwish, ir.Clip, ir.ThresholdedRelu:
		return true
	case ir.Unary:
		return op.Fn == ir.Gelu || op.Fn == ir.GeluTanh || op.Fn == ir.Mish || op.Fn == ir.Softplus
	}
	return false
}

// bounded reports whether an operator gives no value below 0 (or none beyond a bound), as
// logits do.
func bounded(op ir.Op) bool {
	switch op.(type) {
	case ir.Clip, ir.Relu, ir.Tanh:
		return true
	}
	return false
}
