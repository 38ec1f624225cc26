package ir

import (
	"reflect"
	"slices"
)

// maxGenerated bounds the elements that fill(...) and ramp(...) make in one text.
const maxGenerated = 1 << 24

// Parse reads the text form (see WriteText), one statement per line; '#' begins a comment.
//
//	source {path="net.onnx" opset=13}
//	input %x float32[N,3,8,8]                  # an unknown axis length is a word or ?
//	const %a float32[2] = {0.5, -1}
//	const %b float32<"float16">[64] = fill(1)  # stored type; all elements equal
//	const %c float32[4,3,1,1] = ramp(-0.5, 0.1)  # element i is -0.5 + 0.1*i
//	%y float32[N,4,8,8] = Conv(%x, %c) "conv1" {strides=[1,1]}
//	%1, _ = Dropout(%y)                        # types are optional; _ is an absent value
//	output %1
//
// Names with characters other than letters, digits and _./:+- stand in quotes: %"a b".
// Errors begin with the line and column. Parse does not verify the graph.
func Parse(src string) (*Graph, error) {
	p := &parser{src: src, g: &Graph{}, ids: map[string]ValueID{}}
	for p.err == nil && p.pos < len(p.src) {
		p.statement()
	}
	if p.err != nil {
		return nil, p.err
	}
	return p.g, nil
}

func (p *parser) statement() {
	switch c := p.peek(); {
	case p.pos == len(p.src) || c == '\n':
	case c == '%' || c == '_':
		p.node()
	default:
		switch word := p.atom(); word {
		case "source":
			p.attrs(reflect.ValueOf(&p.g.Source).Elem())
		case "input":
			name := p.name()
			p.g.Inputs = append(p.g.Inputs, p.define(name, p.typ()))
		case "const":
			p.constant()
		case "output":
			p.outputs()
		default:
			p.failf("%q begins no statement", word)
		}
	}
	if p.skip(); p.pos < len(p.src) {
		p.expect('\n')
	}
}

func (p *parser) constant() {
	name := p.name()
	stored, t := p.storedType()
	p.expect('=')
	if c := p.values(stored, t); p.err == nil {
		p.define(name, c.Type())
	}
}

func (p *parser) outputs() {
	for p.err == nil {
		p.g.Outputs = append(p.g.Outputs, p.use())
		if !p.accept(',') {
			return
		}
	}
}

// node reads "%a type, _ = Kind(%b, _) "name" {attributes}".
func (p *parser) node() {
	type output struct {
		name string
		typ  Type
	}
	var (
		n    Node
		outs []output
	)
	for p.err == nil {
		var o output
		if !p.accept('_') {
			o.name = p.name()
			if c := p.peek(); isLetter(c) {
				o.typ = p.typ()
			}
		}
		outs = append(outs, o)
		if !p.accept(',') {
			break
		}
	}
	p.expect('=')
	p.operation(&n)
	for _, o := range outs {
		id := None
		if o.name != "" {
			id = p.define(o.name, o.typ)
		}
		n.Out = append(n.Out, id)
	}
	p.g.Nodes = append(p.g.Nodes, n)
}

// operation reads a node from its kind on.
func (p *parser) operation(n *Node) {
	kind := p.atom()
	base, ok := opOf(kind)
	if !ok {
		p.failf("unknown operator %q", kind)
		return
	}
	p.list('(', ')', func() {
		if p.accept('_') {
			n.In = append(n.In, None)
			return
		}
		n.In = append(n.In, p.use())
	})
	if p.peek() == '"' {
		n.Name = p.quoted()
	}
	op := reflect.New(reflect.TypeOf(base)).Elem()
	op.Set(reflect.ValueOf(base))
	if p.peek() == '{' {
		p.attrs(op)
	}
	n.Op = op.Interface().(Op)
}

// attrs reads "{name=value ...}" into the fields of a struct.
func (p *parser) attrs(v reflect.Value) {
	fields := attrs(v)
	p.expect('{')
	for p.err == nil && !p.accept('}') {
		word := p.atom()
		i := slices.IndexFunc(fields, func(a attr) bool { return a.name == word })
		if i < 0 {
			p.failf("unknown or repeated attribute %q", word)
			return
		}
		p.expect('=')
		p.attr(fields[i].value)
		fields = slices.Delete(fields, i, i+1)
	}
}

// name reads a value's name.
func (p *parser) name() string {
	p.expect('%')
	if p.pos < len(p.src) && p.src[p.pos] == '"' {
		s := p.quoted()
		if s == "" {
			p.failf("a value without a name")
		}
		return s
	}
	s := p.run(isNameByte)
	if s == "" {
		p.failf("want a value name after %%")
	}
	return s
}

// define adds a value.
func (p *parser) define(name string, t Type) ValueID {
	if p.err != nil {
		return None
	}
	if _, ok := p.ids[name]; ok {
		p.failf("value %q is defined twice", name)
		return None
	}
	id := p.g.AddValue(Value{Name: name, Type: t})
	p.ids[name] = id
	return id
}

// use reads the name of a value that is defined above.
func (p *parser) use() ValueID {
	name := p.name()
	id, ok := p.ids[name]
	if !ok {
		p.failf("value %q is not defined above", name)
		return None
	}
	return id
}

// typ reads an element type and, where the rank is known, a shape.
func (p *parser) typ() Type {
	t := Type{DType: p.dtype()}
	if p.peek() == '[' {
		t.Ranked = true
		t.Shape = Shape{}
		p.list('[', ']', func() { t.Shape = append(t.Shape, p.dim()) })
	}
	return t
}

func (p *parser) dtype() DType {
	word := p.atom()
	i := slices.Index(enums[reflect.TypeFor[DType]()], word)
	if i <= int(Invalid) {
		p.failf("unknown element type %q", word)
		return Invalid
	}
	return DType(i)
}

func (p *parser) dim() Dim {
	c := p.peek()
	switch {
	case p.accept('?'):
		return Dim{N: -1}
	case c == '"':
		return Dim{N: -1, Sym: p.quoted()}
	case isLetter(c):
		return Dim{N: -1, Sym: p.atom()}
	}
	n := p.integer()
	if n < 0 || n > MaxElems {
		p.failf("axis length %d is out of range", n)
	}
	return Dim{N: int(n)}
}
