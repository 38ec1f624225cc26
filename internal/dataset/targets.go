package dataset

import (
	"fmt"
	"math"
	"slices"
)

// targets are numbers that say what is right for each sample.
type targets interface {
	targetLen() int
	target(i int, dst []float32) error
}

// targetsOf are the targets of an array's samples: the parts of y along its first axis.
func (a *arrays) targetsOf() (targets, error) {
	if a.y == nil || len(a.y.shape) == 0 || a.x.shape[0] != a.y.shape[0] {
		return nil, nil
	}
	size, err := product(a.y.shape[1:], maxSample)
	if err != nil {
		return nil, fmt.Errorf("array y: %w", err)
	}
	t := &tensors{arrays: &arrays{path: a.path, x: a.y}, size: int(size)}
	if t.x.fortran {
		if err := t.hold(); err != nil {
			return nil, err
		}
	}
	return rowsOfY{t}, nil
}

// rowsOfY are targets in an array.
type rowsOfY struct{ *tensors }

func (r rowsOfY) targetLen() int { return r.size }

func (r rowsOfY) target(i int, dst []float32) error {
	if _, err := r.read(i, dst); err != nil {
		return err
	}
	if err := finite(dst); err != nil {
		return fmt.Errorf("labels: %w", err)
	}
	return nil
}

// TargetLen is how many numbers say what is right for a sample: the elements of its part of the
// array y, or the pixels of its mask. It is 0 where there are none.
func (s *Set) TargetLen() int {
	if s.targets == nil {
		return 0
	}
	return s.targets.targetLen()
}

// Target writes the targets of sample i to dst, which has TargetLen elements.
func (s *Set) Target(i int, dst []float32) error {
	switch {
	case s.targets == nil:
		return fmt.Errorf("dataset: %q has no targets", s.Name(i))
	case i < 0 || i >= s.n || len(dst) != s.targets.targetLen():
		return fmt.Errorf("dataset: no %d targets of sample %d of %d", len(dst), i, s.n)
	}
	if err := s.targets.target(s.at(i), dst); err != nil {
		return &BadSampleError{s.Name(i), err}
	}
	return nil
}

// Kind is what targets look like.
type Kind uint8

// Kinds of targets.
const (
	NoTargets  Kind = iota
	OneHot          // 0 and 1, one 1 for each sample
	Marks           // 0 and 1
	Numbers         // whole numbers from 0
	Directions      // values whose squares add up to 1
	Values          // other values
)

// mostKinds is of how many samples the targets tell what they are.
const mostKinds = 1 << 14

// TargetKind looks at the targets of the first samples.
func (s *Set) TargetKind() (Kind, error) {
	n := s.TargetLen()
	if n == 0 || s.n == 0 {
		return NoTargets, nil
	}
	row := make([]float32, n)
	all := []Kind{OneHot, Marks, Numbers, Directions, Values} // the narrowest first
	for i := range min(s.n, max(1, mostKinds/n), mostKinds) {
		if err := s.Target(i, row); err != nil {
			return NoTargets, err
		}
		all = slices.DeleteFunc(all, func(k Kind) bool { return !k.fits(row) })
	}
	return all[0], nil
}

// fits reports whether a kind has such targets.
func (k Kind) fits(row []float32) bool {
	sum, squares, flags, whole := 0.0, 0.0, true, true
	for _, x := range row {
		v := float64(x)
		sum += v
		squares += v * v
		flags = flags && (v == 0 || v == 1)
		whole = whole && v >= 0 && v == math.Trunc(v)
	}
	switch k {
	case OneHot:
		return flags && sum == 1
	case Marks:
		return flags
	case Numbers:
		return whole
	case Directions:
		return len(row) > 1 && math.Abs(squares-1) < 1e-3
	}
	return true
}
