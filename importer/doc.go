// Package importer reads ONNX files into ir graphs.
//
// It works in three steps, each in a file of its own. Cut takes the weights' bytes out of
// the file, so that no decoder copies them. Normalise checks what is left and brings it
// into one form: known element types, external data read, single assignment, nodes in
// topological order. Translate has onnx-go decode the operators' attributes and translates
// every node by its operator's row in the operators table.
//
// Nothing in a file is trusted: whatever is malformed is an error that names the node
// or value, and memory is only spent on bytes that are there.
package importer
