// A step of a cluster takes minutes on a small machine, a first build of all images several.
jest.setTimeout(30 * 60_000);
