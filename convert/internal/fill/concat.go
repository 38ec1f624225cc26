package fill

import "ann2snn/convert/internal/plan"

// concatValues sets the level values of a concatenation: those of its inputs, side by side.
func (b *Builder) concatValues(l *plan.Layer) {
	scale := make([]float32, l.Shape.Len())
	offset, scaled := 0, false
	for _, in := range l.In {
		values := b.elementValues(in)
		scaled = scaled || len(b.LevelValues(in)) > 0
		for i, x := range values {
			scale[i/in.Shape.C*l.Shape.C+offset+i%in.Shape.C] = x
		}
		offset += in.Shape.C
	}
	if scaled {
		b.current.Scale = plan.Condense(scale, l.Shape.C)
	}
}
