package calibrate

import "fmt"

// Targeted is a Source whose samples may have targets: so many numbers for each that say what is
// right, such as a 0 or 1 per label, the class of every pixel, or the values of a regression.
// Target fills dst with those of a sample. TargetLen is 0 where there are none.
type Targeted interface {
	Source
	TargetLen() int
	Target(i int, dst []float32) error
}

// TargetLen is how many targets a sample of s has, 0 where there are none.
func TargetLen(s Source) int {
	if s, ok := s.(Targeted); ok {
		return s.TargetLen()
	}
	return 0
}

// Target fills dst with the targets of sample i.
func Target(s Source, i int, dst []float32) error {
	if s, ok := s.(Targeted); ok {
		return s.Target(i, dst)
	}
	return fmt.Errorf("calibrate: %s has no targets", NameOf(s, i))
}

// TargetLen implements Targeted.
func (p picked) TargetLen() int { return TargetLen(p.Source) }

// Target implements Targeted.
func (p picked) Target(i int, dst []float32) error { return Target(p.Source, p.order[i], dst) }
