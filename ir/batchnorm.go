package ir

// BatchNorm is inference-mode batch normalisation over axis 1: (x-mean)/sqrt(var+Epsilon)*scale + bias.
// Inputs: x, scale, bias, mean, var. ONNX: BatchNormalization.
type BatchNorm struct {
	Epsilon float32
}

// Kind implements Op.
func (BatchNorm) Kind() string { return "BatchNormalization" }

// Infer implements Op.
func (BatchNorm) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
