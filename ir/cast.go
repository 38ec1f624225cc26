package ir

// Cast converts elements to To; Stored is the ONNX type asked for where To is wider, such as "int32".
type Cast struct {
	To     DType
	Stored string
}

// Kind implements Op.
func (Cast) Kind() string { return "Cast" }

// Infer implements Op.
func (Cast) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
