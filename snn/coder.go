package snn

import "math"

// coder visits the fields of a message: a writer writes them, a reader fills them in. So
// one description of every type, in schema.go, serves both ways. The tags of a message
// rise. A field with the zero value is left out.
type coder interface {
	// reading reports whether fields are to be filled in rather than written.
	reading() bool
	// has reports whether a message being read has the field.
	has(tag uint16) bool
	// ints is a list of numbers, of 8 bytes each; nil where a message lacks it.
	ints(tag uint16, v *[]int64)
	// text is a string.
	text(tag uint16, v *string)
	// array is a list of elements in the data section, as bytes.
	array(tag uint16, v *[]byte)
	// message is a field made of fields.
	message(tag uint16, fields func(coder))
	// list is a field made of n messages; n has no meaning when reading.
	list(tag uint16, n int, item func(c coder, i int))
	// refuse records the error of what is being read.
	refuse(problem string)
}

// integer is any integer type that a field may have.
type integer interface {
	~int | ~int32 | ~uint8
}

// number visits an integer.
func number[T integer](c coder, tag uint16, v *T) {
	if !c.reading() && *v == 0 {
		return
	}
	numbers(c, tag, v)
}

// numbers visits a fixed number of integers.
func numbers[T integer](c coder, tag uint16, v ...*T) {
	var list []int64
	if !c.reading() {
		for _, p := range v {
			list = append(list, int64(*p))
		}
	}
	c.ints(tag, &list)
	if !c.reading() || list == nil {
		return
	}
	if len(list) != len(v) {
		c.refuse("a field has the wrong number of integers")
		return
	}
	for i, p := range v {
		*p = narrowed[T](c, list[i])
	}
}

// indices visits a list of integers of any length.
func indices(c coder, tag uint16, v *[]int) {
	var list []int64
	for _, i := range *v {
		list = append(list, int64(i))
	}
	c.ints(tag, &list)
	if !c.reading() {
		return
	}
	for _, i := range list {
		*v = append(*v, narrowed[int](c, i))
	}
}

func narrowed[T integer](c coder, x int64) T {
	if int64(T(x)) != x {
		c.refuse("an integer is out of range")
	}
	return T(x)
}

// flag visits a bool.
func flag(c coder, tag uint16, v *bool) {
	var set uint8
	if *v {
		set = 1
	}
	number(c, tag, &set)
	if c.reading() {
		*v = set != 0
	}
}

// real32 visits a number in floating point.
func real32(c coder, tag uint16, v *float32) {
	bits := int(int32(math.Float32bits(*v)))
	number(c, tag, &bits)
	if c.reading() {
		*v = math.Float32frombits(uint32(bits))
	}
}

// array visits an array in the data section. One without elements becomes nil.
func array[T element](c coder, tag uint16, v *[]T) {
	raw := toFile(*v)
	c.array(tag, &raw)
	if !c.reading() || len(raw) == 0 {
		return
	}
	if len(raw)%elementSize[T]() != 0 {
		c.refuse("an array has a broken element")
		return
	}
	*v = fromFile[T](raw)
}

// list visits a list of messages.
func list[T any](c coder, tag uint16, v *[]T, fields func(c coder, v *T)) {
	c.list(tag, len(*v), func(c coder, i int) {
		if c.reading() {
			var item T
			fields(c, &item)
			*v = append(*v, item)
			return
		}
		fields(c, &(*v)[i])
	})
}
