package fill

import (
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

func (b *Builder) maxPool(m plan.MaxPool, l *plan.Layer) snn.Op {
	b.current.Scale = slices.Clone(b.LevelValues(l.In[0]))
	return snn.MaxPool{Window: m.Window}
}
