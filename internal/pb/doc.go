// Package pb holds the generated messages of the ONNX file format, as far as ann2snn
// reads and writes it.
//
// onnx.proto is the source; after changing it run "go generate ./internal/pb", which
// needs protoc (Debian: protobuf-compiler) and takes the other tools from go.tools.mod.
package pb

//go:generate sh -c "protoc --plugin=protoc-gen-go=$(go tool -modfile=../../go.tools.mod -n protoc-gen-go) -I ../.. --go_out=../.. --go_opt=module=ann2snn internal/pb/onnx.proto"
//go:generate go tool -modfile=../../go.tools.mod gofumpt -w onnx.pb.go
