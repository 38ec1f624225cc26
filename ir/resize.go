package ir

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Resize interpolates x along axes. Its modes have ONNX's names; Nearest is also "simple",
// the rule of opset 10: down where an axis grows, up where it shrinks. Inputs: x, optional
// roi (starts, then ends), and scales (float32) or sizes (int64), all constant; an empty
// list counts as absent. Each of the lists has an entry per axis of Axes, all axes if empty.
type Resize struct {
	Mode           string
	Coordinates    string
	Nearest        string
	CubicA         float32
	ExcludeOutside bool
	Extrapolation  float32 // what positions outside of roi get
	Axes           []int
	Aspect         string // whether sizes keep the aspect ratio
}

// resizeModes are the known values of the attributes.
var resizeModes = map[string][]string{
	"mode": {"nearest", "linear", "cubic"},
	"coordinates": {
		"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
		"tf_half_pixel_for_nn", "tf_crop_and_resize",
	},
	"nearest": {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil", "simple"},
	"aspect":  {"stretch", "not_larger", "not_smaller"},
}

// Kind implements Op.
func (Resize) Kind() string { return "Resize" }

// Infer implements Op.
func (op Resize) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 1, 4), wantInput(in, 0, Float32), wantInput(in, 2, Float32),
		known("mode", op.Mode), known("coordinates", op.Coordinates), known("nearest", op.Nearest), known("aspect", op.Aspect)); err != nil {
		return nil, err
	}
	if !in[0].Ranked {
		return unranked(Float32)
	}
	axes, err := op.Resolve(in)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(in[0].Shape)
	for i, a := range axes {
		if a.Scale != 1 || a.Out != out[i].N {
			out[i] = Dim{N: a.Out}
		}
	}
	return result(Float32, out)
}

func known(attribute, value string) error {
	if list := resizeModes[attribute]; !slices.Contains(list, value) {
		return fmt.Errorf("%s is %q, want one of %q", attribute, value, list)
	}
	return nil
}

// ResizedAxis says what becomes of one axis.
type ResizedAxis struct {
	In, Out    int     // lengths, -1 where they are not known
	Scale      float64 // as given, or the quotient of the lengths
	Start, End float64 // of the region of interest, as parts of the axis
}

// Resolve returns what becomes of each axis of the ranked input x. It takes the types
// that Infer takes.
func (op Resize) Resolve(in []Type) ([]ResizedAxis, error) {
	x := in[0].Shape
	resized := make([]ResizedAxis, len(x))
	for i, d := range x {
		resized[i] = ResizedAxis{In: d.N, Out: d.N, Scale: 1, End: 1}
	}
	axes, err := op.axes(len(x))
	if err != nil {
		return nil, err
	}
	scales, sizes := at(in, 2), at(in, 3)
	switch given, asked := listed(scales), listed(sizes); {
	case given && asked:
		return nil, errors.New("scales and sizes are both given")
	case given:
		err = scaleAxes(resized, axes, scales)
	case asked:
		err = op.sizeAxes(resized, axes, sizes)
	default:
		return nil, errors.New("neither scales nor sizes are given")
	}
	if err != nil {
		return nil, err
	}
	for a, r := range resized {
		if r.Out == 0 && r.In != 0 || r.In == 0 && r.Out != 0 {
			return nil, fmt.Errorf("axis %d of length %d cannot become %d long", a, r.In, r.Out)
		}
	}
	if op.Coordinates != "tf_crop_and_resize" {
		return resized, nil
	}
	roi := at(in, 1)
	if roi.Const == nil || roi.DType != Float32 || len(roi.Const.F) != 2*len(axes) {
		return nil, fmt.Errorf("roi is %v, want a constant of %d numbers", roi, 2*len(axes))
	}
	for k, a := range axes {
		resized[a].Start, resized[a].End = float64(roi.Const.F[k]), float64(roi.Const.F[len(axes)+k])
	}
	return resized, nil
}

// axes returns the axes that the inputs speak of.
func (op Resize) axes(rank int) ([]int, error) {
	list := make([]int64, 0, rank)
	for i := range max(rank, len(op.Axes)) {
		if len(op.Axes) == 0 {
			list = append(list, int64(i))
		} else if i < len(op.Axes) {
			list = append(list, int64(op.Axes[i]))
		}
	}
	return resolveAxes(list, rank)
}

// listed reports whether an optional list is there.
func listed(t Type) bool {
	empty := t.Ranked && len(t.Shape) == 1 && t.Shape[0].N == 0
	return t.present() && !empty
}

func scaleAxes(resized []ResizedAxis, axes []int, scales Type) error {
	if scales.Const == nil || len(scales.Const.F) != len(axes) {
		return fmt.Errorf("scales is %v, want a constant of %d numbers", scales, len(axes))
	}
	for k, a := range axes {
		r, scale := &resized[a], scales.Const.F[k]
		if !(scale > 0) || scale > MaxElems || r.In > 0 && float64(scale)*float64(r.In) > MaxElems {
			return fmt.Errorf("the scale %v of axis %d is out of range", scale, a)
		}
		r.Scale = float64(scale)
		if r.In >= 0 {
			r.Out = int(scale * float32(r.In))
		} else if scale != 1 {
			r.Out = -1
		}
	}
	return nil
}

func (op Resize) sizeAxes(resized []ResizedAxis, axes []int, sizes Type) error {
	list, err := constInts(sizes, "sizes")
	if err != nil {
		return err
	}
	if len(list) != len(axes) {
		return fmt.Errorf("sizes %v for %d axes", list, len(axes))
	}
	common := math.NaN() // the scale of all axes, if the aspect ratio stays
	for k, a := range axes {
		r := &resized[a]
		if list[k] < 1 || list[k] > MaxElems {
			return fmt.Errorf("the size %d of axis %d is out of range", list[k], a)
		}
		r.Out = int(list[k])
		r.Scale = float64(r.Out) / float64(max(r.In, 1))
		if common != common || (op.Aspect == "not_larger") == (r.Scale < common) {
			common = r.Scale
		}
	}
	if op.Aspect == "stretch" {
		return nil
	}
	for _, a := range axes {
		r := &resized[a]
		if r.In < 0 {
			return fmt.Errorf("the length of axis %d, which shall keep the aspect ratio, is not known", a)
		}
		r.Scale, r.Out = common, int(math.Floor(common*float64(r.In)+0.5))
	}
	return nil
}
