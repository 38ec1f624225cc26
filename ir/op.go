package ir

// Op is what a node computes. Ops are plain structs of attributes, one file each;
// where ONNX changed an operator between opsets, the importer translates to the one
// form described there. Optional inputs are None in Node.In, trailing ones left out.
type Op interface {
	// Kind is the operator's name: that of ONNX where ONNX has the operator.
	Kind() string
	// Infer returns the types of the outputs for inputs of the given types (the zero
	// Type for an absent one), or says what does not fit.
	Infer(in []Type) ([]Type, error)
}
