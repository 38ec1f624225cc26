package ann2snn

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"io"
	"slices"
	"sync"

	"ann2snn/internal/eval"
	"ann2snn/internal/infile"
	"ann2snn/internal/outfile"
	"ann2snn/preprocess"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// Network is a spiking network, ready to run. It does not change and is safe for
// concurrent use: every call in flight has memory of its own, which later calls use again.
// It holds no files, so there is nothing to close.
type Network struct {
	net   *snn.Network
	plan  func() (*runtime.Plan, error)
	input func() (*preprocess.Input, error)
	idle  sync.Pool // of *worker
}

// Answer is the score of a class.
type Answer struct {
	Class int     `json:"class"` // from 0
	Label string  `json:"label,omitempty"`
	Score float32 `json:"score"` // see Network.Probabilities
}

// Open reads a .snn file and prepares the network for running. An integer network that
// might overflow 32 bits is a [*snn.RangeError].
func Open(path string) (*Network, error) {
	b, err := infile.Read(context.Background(), path)
	if err != nil {
		return nil, fmt.Errorf("ann2snn: %w", err)
	}
	n, err := Decode(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

// Decode is [Open] for the bytes of a .snn file, which must not change afterwards.
func Decode(file []byte) (*Network, error) {
	net, err := snn.Decode(file)
	if err != nil {
		return nil, err
	}
	n := newNetwork(net)
	_, err = n.plan()
	return n, err
}

func newNetwork(net *snn.Network) *Network {
	n := &Network{net: net}
	n.plan = sync.OnceValues(func() (*runtime.Plan, error) { return runtime.Compile(context.Background(), net) })
	n.input = sync.OnceValues(n.newInput)
	return n
}

// newInput prepares for pictures.
func (n *Network) newInput() (*preprocess.Input, error) {
	spec, err := preprocess.Parse(n.net.Meta.Preprocess)
	if err != nil {
		return nil, err
	}
	if spec.IsZero() {
		return nil, failf(ErrNoPictures, "the network does not say how it sees pictures (try converting with Samples.Preprocess, or Run)")
	}
	return spec.Input(n.InputShape())
}

// SNN returns the network as the other packages take it. It must not be changed.
func (n *Network) SNN() *snn.Network { return n.net }

// Labels returns the names of the classes by number, nil where they have none.
func (n *Network) Labels() []string { return n.net.Meta.Labels }

// InputShape returns the shape of one sample as the ONNX model takes it, without the
// batch; an axis of height 1 between channels and width is left out.
func (n *Network) InputShape() []int { return n.net.InputShape() }

// Outputs returns the number of values that Run writes.
func (n *Network) Outputs() int { return n.net.Layers[n.net.Output].Shape.Len() }

// Probabilities reports whether scores are probabilities, because the model ends with
// Softmax (of all classes together, or of those of each pixel) or Sigmoid (of each class by
// itself). Else they are what the model computes, mostly logits: larger is likelier, and nothing
// more.
func (n *Network) Probabilities() bool { return eval.EndsInProbabilities(n.net) }

// Unseen parts samples into those that the network was not calibrated on and those that it
// was, held back ones included: only the first prove anything. The same picture is the same
// sample, whatever its file. known is false where the network does not say what it was
// calibrated on, as it was written by an early version; then all samples are unseen. Where none
// was calibrated on, unseen has the Source of s. Both read the files of s.
func (n *Network) Unseen(ctx context.Context, s *Samples) (unseen, seen *Samples, known bool, err error) {
	source, err := s.source()
	if err != nil {
		return nil, nil, false, err
	}
	rest, found, known, err := eval.Unseen(ctx, n.net, source, n.net.Layers[0].Shape.Len(), 0)
	if err != nil {
		return nil, nil, known, err
	}
	first, second := *s, *s
	if found.Len() > 0 {
		first.Source = rest
	}
	second.Source = found
	return &first, &second, known, nil
}

// worker is the memory of a call.
type worker struct {
	session *runtime.Session
	in, out []float32
}

// worker returns an idle worker, or a new one.
func (n *Network) worker() (*worker, error) {
	if w, ok := n.idle.Get().(*worker); ok {
		return w, nil
	}
	plan, err := n.plan()
	if err != nil {
		return nil, err
	}
	return &worker{
		session: plan.NewSession(runtime.SessionOptions{}),
		in:      make([]float32, plan.InLen()),
		out:     make([]float32, plan.OutLen()),
	}, nil
}

// Run runs the network on one sample, laid out as the ONNX model takes it, and writes the
// model's output to out, which has [Network.Outputs] values. It takes any network and
// sample; [Network.Classify] is for pictures.
func (n *Network) Run(ctx context.Context, out, in []float32) error {
	w, err := n.worker()
	if err != nil {
		return err
	}
	defer n.idle.Put(w)
	_, err = w.session.Run(ctx, out, in)
	return err
}

// Classify returns the scores of all classes for a picture, the best first. The picture
// is prepared as the network was told at its conversion. It is an [ErrNoPictures] where
// the network was not told, and an [ErrNoClasses] where its output is not one score for
// each of several classes.
func (n *Network) Classify(ctx context.Context, img image.Image) ([]Answer, error) {
	if s := n.net.Layers[n.net.Output].Shape; s.Len() < 2 || s.H*s.W > 1 {
		return nil, failf(ErrNoClasses, "an output of %d x %d x %d values is not one score for each class (try Run)", s.H, s.W, s.C)
	}
	in, err := n.input()
	if err != nil {
		return nil, err
	}
	w, err := n.worker()
	if err != nil {
		return nil, err
	}
	defer n.idle.Put(w)
	if err := in.Prepare(w.in, img); err != nil {
		return nil, err
	}
	if _, err := w.session.Run(ctx, w.out, w.in); err != nil {
		return nil, err
	}
	return Rank(w.out, n.Labels()), nil
}

// ClassifyFile is [Network.Classify] for a JPEG, PNG, WebP or BMP file.
func (n *Network) ClassifyFile(ctx context.Context, path string) ([]Answer, error) {
	file, err := infile.Read(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("ann2snn: %w", err)
	}
	img, err := preprocess.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	answers, err := n.Classify(ctx, img)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return answers, nil
}

// Rank lists classes by their scores, the best first and equal ones in the order of
// classes. Classes beyond the labels have none.
func Rank(scores []float32, labels []string) []Answer {
	all := make([]Answer, len(scores))
	for class, score := range scores {
		all[class] = Answer{Class: class, Score: score}
		if class < len(labels) {
			all[class].Label = labels[class]
		}
	}
	slices.SortStableFunc(all, func(a, b Answer) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

// Encode writes the network as a .snn file; the same network gives the same bytes.
func (n *Network) Encode(w io.Writer) error { return snn.Encode(w, n.net) }

// Save writes the network to a .snn file. It replaces a file of that name, but only when
// the new one is complete.
func (n *Network) Save(path string) error {
	if err := outfile.Write(path, true, n.Encode); err != nil {
		return fmt.Errorf("ann2snn: cannot write %s: %w", path, err)
	}
	return nil
}
