/** What manifests are made of, under one name: the list of what this lib promises stays readable. */
export { issueManifest, manifestLeaf, readManifest, STANDINGS, type ManifestEntry, type Standing } from './manifests';
export { MerkleTree } from './merkle';
