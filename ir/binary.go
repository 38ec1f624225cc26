package ir

// BinaryFn names the function of a Binary.
type BinaryFn uint8

// The functions of Binary. Equal gives Bool, the others the inputs' type.
const (
	Sub BinaryFn = iota
	Mul
	Div
	Pow
	Equal
)

// Binary is an elementwise function of a and b with numpy broadcasting. Addition,
// which spiking networks treat specially, is Add.
type Binary struct{ Fn BinaryFn }

// Kind implements Op.
func (Binary) Kind() string { return "Binary" }

// Infer implements Op.
func (Binary) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
