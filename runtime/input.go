package runtime

// input is the analog input, which engine.load has put in place.
type input[S number] struct{}

func (input[S]) step([]S, [][]S, *moment[S]) {}
