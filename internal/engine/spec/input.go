package spec

// input is the analog input, which Load has put in place.
type input[S number] struct{}

func (input[S]) step([]S, [][]S, *moment[S]) {}
