package onnx

// signed is rate with negative levels that take back spikes: the sum of all levels never
// falls below 0.
type signed struct {
	integrator
	owed string // minus the sum of all levels
}

func (s *signed) fire(current string, t int) string {
	x := s.gained(current, t)
	var spikes string
	if t == 1 {
		spikes = s.held(x, 0)
		s.owed = s.node("owed", "Neg", []string{spikes})
	} else {
		spikes = s.heldAbove(x, s.owed)
		s.owed = s.node("owed", "Sub", []string{s.owed, spikes})
	}
	s.subtract(x, spikes, t)
	return spikes
}
