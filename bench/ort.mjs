// Times models with ONNX Runtime on request: node ort.mjs THREADS
//
// A request is a line of JSON on stdin, the answer one on stdout:
//   {"open": NAME, "model": FILE, "dims": [1,3,224,224], "optimised": FILE}   -> {}
//   {"time": NAME, "runs": N}                                                 -> {"ms": [...]}
// ANN2SNN_ORT names the folder in which npm has installed onnxruntime-node.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import path from 'node:path';

const ort = createRequire(path.join(process.env.ANN2SNN_ORT, 'package.json'))('onnxruntime-node');
const threads = Number(process.argv[2]);
const opened = new Map();

async function open({ open, model, dims, optimised }) {
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all', logSeverityLevel: 3 };
  if (optimised) options.optimizedModelFilePath = optimised;
  const session = await ort.InferenceSession.create(model, options);
  const data = new Float32Array(dims.reduce((a, b) => a * b));
  for (let i = 0; i < data.length; i++) data[i] = Math.sin(i * 0.37) * 2;
  opened.set(open, { session, feeds: { [session.inputNames[0]]: new ort.Tensor('float32', data, dims) } });
  return {};
}

async function time({ time, runs }) {
  const { session, feeds } = opened.get(time);
  const ms = [];
  for (let i = 0; i < runs; i++) {
    const start = process.hrtime.bigint();
    await session.run(feeds);
    ms.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return { ms };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = await (request.open ? open(request) : time(request));
  process.stdout.write(JSON.stringify(answer) + '\n');
}
