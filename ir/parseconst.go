package ir

// storedType reads the type of a constant, as in float32<"float16">[4,2].
func (p *parser) storedType() (stored string, t Type) {
	t.DType = p.dtype()
	if p.accept('<') {
		stored = p.quoted()
		p.expect('>')
	}
	t.Ranked = true
	p.list('[', ']', func() { t.Shape = append(t.Shape, p.dim()) })
	switch {
	case !t.Shape.Static():
		p.failf("a constant of unknown shape %v", t.Shape)
	case p.err == nil:
		if err := checkShape(t.Shape); err != nil {
			p.failf("%w", err)
		}
	}
	return stored, t
}

// tensor reads a constant that is an attribute: its type, then its values.
func (p *parser) tensor() *Tensor {
	stored, t := p.storedType()
	return p.values(stored, t)
}

// values reads the elements of a constant of type t.
func (p *parser) values(stored string, t Type) *Tensor {
	c := &Tensor{DType: t.DType, Shape: t.Shape.Ints(), Stored: stored}
	if p.peek() == '{' {
		p.listed(c)
		return c
	}
	switch word := p.atom(); word {
	case "fill":
		p.fill(c)
	case "ramp":
		p.ramp(c)
	case "sha256":
		p.failf("the values are missing: this text is a summary")
	default:
		p.failf("want {elements}, fill(element) or ramp(start, step), not %q", word)
	}
	return c
}

// element reads one element and appends it.
func (p *parser) element(c *Tensor) {
	switch c.DType {
	case Float32:
		c.F = append(c.F, float32(p.number(32)))
	case Int64:
		c.I = append(c.I, p.integer())
	case Bool:
		c.B = append(c.B, p.boolean())
	}
}

func (p *parser) listed(c *Tensor) {
	n := 0
	p.list('{', '}', func() { p.element(c); n++ })
	if n != c.Len() {
		p.failf("%d elements for shape %v", n, c.Shape)
	}
}

// room checks that c may be generated.
func (p *parser) room(c *Tensor) bool {
	if p.err != nil {
		return false
	}
	if p.generated += c.Len(); p.generated > maxGenerated {
		p.failf("more than %d elements are to be generated", maxGenerated)
		return false
	}
	return true
}

// fill reads "(element)", which all elements are.
func (p *parser) fill(c *Tensor) {
	p.expect('(')
	p.element(c)
	p.expect(')')
	if !p.room(c) {
		return
	}
	c.F, c.I, c.B = repeat(c.F, c.Len()), repeat(c.I, c.Len()), repeat(c.B, c.Len())
}

// repeat returns n times the only element of v, or nil where v is empty.
func repeat[E any](v []E, n int) []E {
	if len(v) == 0 {
		return nil
	}
	out := make([]E, n)
	for i := range out {
		out[i] = v[0]
	}
	return out
}

// ramp reads "(start, step)"; element i is start + i*step.
func (p *parser) ramp(c *Tensor) {
	p.expect('(')
	start := p.number(64)
	p.expect(',')
	step := p.number(64)
	p.expect(')')
	if c.DType != Float32 {
		p.failf("a ramp has %v elements, not %v", Float32, c.DType)
	}
	if !p.room(c) {
		return
	}
	c.F = make([]float32, c.Len())
	for i := range c.F {
		c.F[i] = float32(start + float64(i)*step)
	}
}
