package ir

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// enums names the values of every enumeration, in the order of their constants; the
// String methods and the text form share it.
var enums = map[reflect.Type][]string{
	reflect.TypeFor[AutoPad](): {"explicit", "same_upper", "same_lower", "valid"},
	reflect.TypeFor[BinaryFn](): {
		"sub", "mul", "div", "pow", "equal", "max", "min", "mod", "fmod",
		"greater", "greater_or_equal", "less", "less_or_equal", "and", "or", "xor",
	},
	reflect.TypeFor[DType]():    {"invalid", "float32", "int64", "bool"},
	reflect.TypeFor[PadMode]():  {"constant", "reflect", "edge", "wrap"},
	reflect.TypeFor[ReduceFn](): {"mean", "sum", "largest", "smallest", "l1", "l2", "sum_square"},
	reflect.TypeFor[UnaryFn](): {
		"neg", "sqrt", "exp", "abs", "log", "erf", "floor", "reciprocal", "softplus", "round",
		"gelu", "gelutanh", "mish", "softsign",
	},
}

func enumName[E ~uint8](e E) string {
	names := enums[reflect.TypeFor[E]()]
	if int(e) < len(names) {
		return names[e]
	}
	return fmt.Sprintf("%s(%d)", reflect.TypeFor[E]().Name(), e)
}

// validEnum reports whether e is one of the constants of its type.
func validEnum[E ~uint8](e E) bool { return int(e) < len(enums[reflect.TypeFor[E]()]) }

// String returns the name that the text form uses.
func (a AutoPad) String() string { return enumName(a) }

// String returns the name that the text form uses.
func (f BinaryFn) String() string { return enumName(f) }

// String returns the name that the text form uses.
func (d DType) String() string { return enumName(d) }

// String returns the name that the text form uses.
func (m PadMode) String() string { return enumName(m) }

// String returns the name that the text form uses.
func (f ReduceFn) String() string { return enumName(f) }

// String returns the name that the text form uses.
func (f UnaryFn) String() string { return enumName(f) }

// String returns the length, or the symbol, or "?".
func (d Dim) String() string {
	switch {
	case d.N >= 0:
		return strconv.Itoa(d.N)
	case d.Sym == "":
		return "?"
	case isWord(d.Sym):
		return d.Sym
	}
	return strconv.Quote(d.Sym)
}

// String returns the shape as in "[N,3,8,8]".
func (s Shape) String() string {
	parts := make([]string, len(s))
	for i, d := range s {
		parts[i] = d.String()
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// String returns the type as in "float32[N,3,8,8]", without the shape where it is unranked.
func (t Type) String() string {
	if !t.Ranked {
		return t.DType.String()
	}
	return t.DType.String() + t.Shape.String()
}

// isWord reports whether s is a letter or underscore followed by letters, digits and underscores.
func isWord(s string) bool {
	for i, c := range []byte(s) {
		if !isLetter(c) && (i == 0 || !isDigit(c)) {
			return false
		}
	}
	return s != ""
}

func isLetter(c byte) bool { return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
