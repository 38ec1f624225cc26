// Runs ONNX models with ONNX Runtime: node ort.mjs REQUEST < inputs > outputs
//
// REQUEST is JSON:
//   {"dir": FOLDER, "package": "onnxruntime-node", "models":
//     [{"file": FILE, "dims": [1,3,32,32], "samples": 10, "optimised": FILE, "plain": false}, ...]}
// FOLDER is where npm has installed the package; optimised, if not empty, is where the
// graph goes as it runs (onnxruntime-node); with plain, nothing is optimised.
//
// The inputs of all models follow one another as raw little-endian float32. The answer to
// each is the number of outputs (uint32), then for each output the number of its elements
// (uint32) and the elements as float64.
import { createRequire } from 'node:module';
import { readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const request = JSON.parse(process.argv[2]);
const web = request.package === 'onnxruntime-web';
const ort = web
  ? await import(pathToFileURL(path.join(request.dir, 'node_modules', request.package, 'dist', 'ort.wasm.bundle.min.mjs')))
  : createRequire(path.join(request.dir, 'package.json'))(request.package);
if (web) ort.env.wasm.numThreads = 1;

const stdin = readFileSync(0);
const inputs = new Float32Array(stdin.buffer.slice(stdin.byteOffset, stdin.byteOffset + stdin.length));
let at = 0;
for (const model of request.models) {
  const graphOptimizationLevel = model.plain ? 'disabled' : 'all';
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel, logSeverityLevel: 3 };
  if (model.optimised) options.optimizedModelFilePath = model.optimised;
  const session = await ort.InferenceSession.create(web ? readFileSync(model.file) : model.file, options);
  const size = model.dims.reduce((a, b) => a * b);
  for (let i = 0; i < model.samples; i++, at += size) {
    const input = tensor(session.inputMetadata?.[0]?.type, inputs.slice(at, at + size), model.dims);
    const outputs = await session.run({ [session.inputNames[0]]: input });
    write(Uint32Array.of(session.outputNames.length));
    for (const name of session.outputNames) {
      const numbers = Float64Array.from(outputs[name].data, Number);
      write(Uint32Array.of(numbers.length));
      write(numbers);
    }
  }
  await session.release();
}

// tensor gives a model numbers in the element type that it takes.
function tensor(type, numbers, dims) {
  switch (type) {
    case 'uint8': return new ort.Tensor(type, Uint8Array.from(numbers), dims);
    case 'int32': return new ort.Tensor(type, Int32Array.from(numbers), dims);
    case 'int64': return new ort.Tensor(type, BigInt64Array.from(numbers, BigInt), dims);
  }
  return new ort.Tensor('float32', numbers, dims);
}

function write(array) {
  const bytes = Buffer.from(array.buffer);
  for (let done = 0; done < bytes.length;) done += writeSync(1, bytes, done);
}
