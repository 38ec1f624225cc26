package calibrate

var percentileMethod = Method{
	Name:    "percentile",
	Summary: "the value that the given percentage of all values, zeros included, do not exceed",
	Param:   99.9,
	Low:     1,
	High:    100,
	clip:    percentile,
}

// percentile interpolates within the bin that holds the percentile. Where the percentile is
// zero, it takes the first bin that holds a value.
func percentile(d *distribution, _ Grid, percent float64) float64 {
	below, want := d.zeros, d.total()*percent/100
	for i, n := range d.counts {
		if n > 0 && below+n >= want {
			within := max(0, (want-below)/n)
			return min(d.max, (float64(i)+max(within, 0.5))*d.width)
		}
		below += n
	}
	return d.max
}
