package calibrate

var maxMethod = Method{
	Name:    "max",
	Summary: "the largest value seen",
	clip:    func(d *distribution, _ Grid, _ float64) float64 { return d.max },
}
