package dataset

import (
	"context"
	"errors"
	"fmt"

	"ann2snn/internal/budget"
	"ann2snn/internal/par"
)

// BadSampleError is a sample that cannot be read.
type BadSampleError struct {
	Name string // see Set.Name
	Err  error
}

func (e *BadSampleError) Error() string { return fmt.Sprintf("dataset: %q: %v", e.Name, e.Err) }
func (e *BadSampleError) Unwrap() error { return e.Err }

// AllBadError is a set of which no sample can be read.
type AllBadError struct{ Bad []*BadSampleError }

func (e *AllBadError) Error() string {
	return fmt.Sprintf("none of %d samples can be read, the first is %q: %v", len(e.Bad), e.Bad[0].Name, e.Bad[0].Err)
}

// scanned is how many samples are read at once to see whether they can be.
const scanned = 64

// leaveOutBad reads samples until there are as many as the set has room for, and leaves out
// those that cannot be read.
func (s *Set) leaveOutBad(limit int) error {
	all := s.samples.count()
	s.chosen = []int{}
	buffers := make([][]float32, par.Workers())
	for from := s.skip; from < all && (limit == 0 || len(s.chosen) < limit); from += scanned {
		n := min(scanned, all-from)
		faults := make([]error, n)
		err := par.ForErr(context.Background(), n, len(buffers), func(worker, i int) error {
			if buffers[worker] == nil {
				buffers[worker] = make([]float32, s.size)
			}
			_, faults[i] = s.read(from+i, buffers[worker])
			return nil
		})
		if err != nil {
			return err
		}
		for i, fault := range faults {
			switch {
			case limit > 0 && len(s.chosen) == limit:
			case errors.As(fault, new(*budget.Error)): // says nothing of the sample
				return fmt.Errorf("%q: %w", s.samples.name(from+i), fault)
			case fault != nil:
				s.bad = append(s.bad, &BadSampleError{s.samples.name(from + i), fault})
			default:
				s.chosen = append(s.chosen, from+i)
			}
		}
	}
	s.n = len(s.chosen)
	if s.n == 0 {
		return &AllBadError{s.bad}
	}
	return nil
}

// Bad lists the samples that were left out because they cannot be read. It is empty unless
// Options.SkipBad asked for that.
func (s *Set) Bad() []*BadSampleError { return s.bad }

// at is the place of sample i among all samples of the data.
func (s *Set) at(i int) int {
	if s.chosen != nil {
		return s.chosen[i]
	}
	return s.skip + i
}

// read reads the sample at a place among all samples of the data.
func (s *Set) read(place int, dst []float32) (label int, err error) {
	label, err = s.samples.read(place, dst)
	if err == nil {
		err = finite(dst)
	}
	return label, err
}

// finite checks that values are numbers to compute with.
func finite(values []float32) error {
	for i, x := range values {
		if x-x != 0 {
			return fmt.Errorf("element %d is %v", i, x)
		}
	}
	return nil
}
