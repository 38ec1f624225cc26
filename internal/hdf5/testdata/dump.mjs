// Prints what h5wasm finds in an HDF5 file, in the form of dump.py: node dump.mjs FILE
// ANN2SNN_ORT names the folder in which npm has installed h5wasm.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = path.join(process.env.ANN2SNN_ORT, 'node_modules', 'h5wasm');
const h5wasm = await import(pathToFileURL(path.join(folder, 'dist', 'node', 'hdf5_hl.js')));
await h5wasm.ready;
const kinds = { 0: 'int', 1: 'float', 3: 'text' };
const plain = (x) => (typeof x === 'bigint' ? Number(x) : x);

function show(group, prefix) {
  for (const name of [...group.keys()].sort()) {
    const node = group.get(name);
    if (node instanceof h5wasm.Group) {
      console.log(JSON.stringify([prefix + name, 'group', node.keys().length]));
      show(node, prefix + name + '/');
      continue;
    }
    const values = [node.value].flat().flatMap((v) => (ArrayBuffer.isView(v) ? [...v] : [v])).map(plain);
    console.log(JSON.stringify([prefix + name, kinds[node.metadata.type], node.shape, values]));
  }
}

const file = new h5wasm.File(process.argv[2], 'r');
show(file, '/');
file.close();
